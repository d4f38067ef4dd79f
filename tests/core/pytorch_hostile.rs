//! PyTorch files that are damaged, or made to do harm: each is read or refused, and nothing else happens.

use crate::pytorch::{REMEDY, STATE_DICT, file, net, refusal, tensors};
use actmax::import::pytorch;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Valid files, to damage.
const FILES: [&[u8]; 17] = [
    STATE_DICT,
    file!("pytorch/parameters.pt"),
    file!("pytorch/views.pt"),
    file!("pytorch/types.pt"),
    file!("pytorch/checkpoint.pt"),
    file!("pytorch/two.pt"),
    file!("pytorch/mixed.pt"),
    file!("pytorch/counter.pt"),
    file!("pytorch/entry.pt"),
    file!("pytorch/tensor.pt"),
    file!("pytorch/model.pt"),
    file!("pytorch/legacy.pt"),
    file!("pytorch/hostile.pt"),
    file!("pytorch/repacked.pt"),
    file!("pytorch/deflated.pt"),
    file!("pytorch/big.pt"),
    file!("pytorch/other.zip"),
];

/// `STATE_DICT` with its only `old` replaced by `new`, which has the same length.
fn changed(old: &[u8], new: &[u8]) -> Vec<u8> {
    assert_eq!(
        old.len(),
        new.len(),
        "the rest of the file must stay where it is"
    );
    let places: Vec<_> = (STATE_DICT.windows(old.len()).enumerate())
        .filter(|(_, it)| *it == old)
        .map(|(at, _)| at)
        .collect();
    let [at] = places[..] else {
        panic!("{old:?} is at {places:?}");
    };
    let mut file = STATE_DICT.to_vec();
    file[at..at + old.len()].copy_from_slice(new);
    file
}

/// Pickled bytes of a name and its tensor: a view that repeats the first of twelve numbers.
fn tensor(name: &str, shape: &[i32]) -> Vec<u8> {
    let text = |it: &str| {
        let length = u32::try_from(it.len()).expect("it is short");
        [b"X", length.to_le_bytes().as_slice(), it.as_bytes()].concat()
    };
    let whole = |it: &i32| [b"J", it.to_le_bytes().as_slice()].concat();
    [
        text(name),
        b"ctorch._utils\n_rebuild_tensor_v2\n((".to_vec(),
        text("storage"),
        b"ctorch\nFloatStorage\n".to_vec(),
        text("0"),
        text("cpu"),
        b"K\x0ctQK\0(".to_vec(),
        shape.iter().flat_map(whole).collect(),
        b"t(".to_vec(),
        shape.iter().flat_map(|_| whole(&0)).collect(),
        b"t\x89}tR".to_vec(),
    ]
    .concat()
}

/// A file with a pickle, and with a storage of twelve numbers.
fn archive(pickle: &[u8]) -> Vec<u8> {
    let u16 = |it: usize| u16::try_from(it).expect("it fits").to_le_bytes();
    let u32 = |it: usize| u32::try_from(it).expect("it fits").to_le_bytes();
    let (mut file, mut directory) = (Vec::new(), Vec::new());
    let entries = [("a/data.pkl", pickle), ("a/data/0", &[0; 48])];
    for (name, data) in entries {
        let sizes = [[0; 4], u32(data.len()), u32(data.len())].concat();
        let lengths = [u16(name.len()), u16(0)].concat();
        directory.extend_from_slice(b"PK\x01\x02\0\0\0\0\0\0\0\0\0\0\0\0");
        directory.extend([&sizes, &lengths, [0; 10].as_slice(), &u32(file.len())].concat());
        directory.extend_from_slice(name.as_bytes());
        file.extend_from_slice(b"PK\x03\x04\0\0\0\0\0\0\0\0\0\0");
        file.extend([&sizes, &lengths, name.as_bytes(), data].concat());
    }
    let end = [u16(entries.len()); 2].concat();
    let place = [u32(directory.len()), u32(file.len())].concat();
    file.extend(directory);
    file.extend_from_slice(b"PK\x05\x06\0\0\0\0");
    file.extend([&end, &place, [0; 2].as_slice()].concat());
    file
}

crate::tests! {
    async fn a_damaged_tensor_is_named() {
        // After the storage of 12 numbers: the offset 0, the shape (3, 4) and the strides (4, 1).
        let parts = |count, offset, shape: [u8; 2], strides: [u8; 2]| {
            let mut parts = b"K.tq\x08QK.K.K.\x86q\x09K.K.\x86".to_vec();
            let numbers = [count, offset, shape[0], shape[1], strides[0], strides[1]];
            let mut numbers = numbers.into_iter();
            for part in parts.iter_mut().filter(|it| **it == b'.') {
                *part = numbers.next().expect("there are six");
            }
            parts
        };
        let sound = parts(12, 0, [3, 4], [4, 1]);
        let beyond = "it reaches beyond its numbers";
        for (parts, what) in [
            (parts(12, 1, [3, 4], [4, 1]), beyond),
            (parts(12, 0, [4, 4], [4, 1]), beyond),
            (parts(12, 0, [3, 4], [5, 1]), beyond),
            (parts(12, 0, [3, 4], [4, 2]), beyond),
            (
                parts(13, 0, [3, 4], [4, 1]),
                "the entry of its numbers has another size than is said",
            ),
        ] {
            let said = format!(
                "The tensor \"hidden.weight\" is damaged: {what}. Save the file or copy it once \
                 more."
            );
            assert_eq!(refusal(&changed(&sound, &parts)), said);
        }
        // The name of the storage's entry
        assert_eq!(
            refusal(&changed(b"X\x01\0\0\x003q", b"X\x01\0\0\x008q")),
            "The tensor \"out.bias\" is damaged: the file lacks the entry of its numbers. Save \
             the file or copy it once more."
        );
    }

    async fn damage_is_told() {
        let damaged = |what| format!("The file is damaged: {what}. Save it or copy it once more.");
        assert_eq!(refusal(b""), damaged("its end is missing"));
        assert_eq!(refusal(&STATE_DICT[..1000]), damaged("its end is missing"));
        assert_eq!(refusal(&STATE_DICT[1..]), damaged("its directory cannot be read"));
        assert_eq!(
            refusal(&changed(b"q\x02c", b"q\x03c")),
            damaged("its data.pkl keeps values out of order")
        );
        assert_eq!(
            refusal(&changed(b"storageq\x04c", b"stora\xffeq\x04c")),
            damaged("a text in its data.pkl is not UTF-8")
        );
        // The record at the end must end where the file ends, after a comment of the length it states.
        let mut file = STATE_DICT.to_vec();
        file.push(b'!');
        assert_eq!(refusal(&file), damaged("its end is missing"));
        file[STATE_DICT.len() - 2] = 1;
        assert_eq!(tensors(&file), net());
        // Pops from an empty stack, and across a MARK
        for pickle in [b")R.".as_slice(), b"N(N\x86t.", b"N(Q."] {
            let said = damaged("its data.pkl takes a value that is not there");
            assert_eq!(refusal(&archive(pickle)), said);
        }
        assert_eq!(
            refusal(&changed(b"X\x07\0\0\0storage", b"X\x07\0\0\0stowage")),
            damaged("its data.pkl does not describe tensors")
        );
        assert_eq!(
            refusal(&changed(b"X\x07\0\0\0storage", b"X\x07\xff\0\0storage")),
            damaged("its data.pkl ends too early")
        );
        // BINUNICODE → BINBYTES8, of protocol 4
        assert_eq!(
            refusal(&changed(b"X\x07\0\0\0storage", b"\x8e\x07\0\0\0storage")),
            format!(
                "The file's data.pkl has the instruction 0x8e at byte 91, which torch.save does \
                 not write for a state dict.{REMEDY}"
            )
        );
    }

    async fn what_is_too_large_is_refused() {
        let few = |most, what| {
            format!(
                "The file holds more than {most} {what}. A state dict of a small network has fewer."
            )
        };
        let dict =
            |tensors: Vec<Vec<u8>>| [b"}(".to_vec(), tensors.concat(), b"u.".to_vec()].concat();
        let many = |count: usize| dict((0..count).map(|it| tensor(&it.to_string(), &[])).collect());
        assert_eq!(tensors(&archive(&many(64))).len(), 64);
        assert_eq!(refusal(&archive(&many(65))), few(64, "tensors"));

        let whole = dict(vec![tensor("a", &[2048, 2048])]);
        assert_eq!(tensors(&archive(&whole))[0].values.len(), 4 << 20);
        let more = dict(vec![tensor("a", &[2048, 2048]), tensor("b", &[1])]);
        assert_eq!(refusal(&archive(&more)), few(4 << 20, "numbers in its tensors"));

        for (pickle, most, what) in [
            (vec![b'N'; (256 << 10) + 1], 256 << 10, "bytes in its data.pkl"),
            ([b"}".to_vec(), b"NNs".repeat(9000)].concat(), 1 << 14, "values in its data.pkl"),
            (vec![b'N'; 4097], 4096, "values at a time in its data.pkl"),
            (vec![b'('; 4097], 4096, "open groups in its data.pkl"),
        ] {
            assert_eq!(refusal(&archive(&pickle)), few(most, what));
        }

        let mut entries = archive(b".");
        let end = entries.len() - 22;
        entries[end + 10..end + 12].copy_from_slice(&1025_u16.to_le_bytes());
        assert_eq!(refusal(&entries), few(1024, "entries"));

        assert_eq!(
            refusal(&vec![0; (32 << 20) + 1]),
            "The file has 33554433 bytes; at most 33554432 are read."
        );
        assert_eq!(tensors(&archive(&dict(vec![tensor(&"n".repeat(128), &[])]))).len(), 1);
        assert_eq!(
            refusal(&archive(&dict(vec![tensor(&"n".repeat(129), &[])]))),
            "The file has a name of 129 bytes for a tensor; at most 128 are read."
        );
        assert_eq!(
            refusal(&archive(&dict(vec![tensor("a", &[1; 5])]))),
            "The tensor \"a\" has 5 dimensions; at most 4 are read."
        );
        assert_eq!(
            refusal(&archive(&dict(vec![tensor("a", &[i32::MAX; 4])]))),
            "The tensor \"a\" is damaged: it is too large. Save the file or copy it once more."
        );
        assert_eq!(
            refusal(&archive(&dict(vec![tensor("a", &[-1])]))),
            "The tensor \"a\" is damaged: it is not a view of a storage. Save the file or copy it \
             once more."
        );
        assert_eq!(
            refusal(&archive(&dict(vec![tensor("a", &[1]), tensor("a", &[1])]))),
            "The file has two tensors with the name \"a\"."
        );
    }

    async fn an_empty_dict_is_no_state_dict() {
        let checkpoint =
            [b"}X\x01\0\0\0a}sX\x01\0\0\0b}".to_vec(), tensor("c", &[1]), b"ss.".to_vec()].concat();
        let [it] = &tensors(&archive(&checkpoint))[..] else {
            panic!("it has one tensor");
        };
        assert_eq!(it.name, "c");
    }

    async fn values_that_hold_each_other_or_themselves_are_no_trap() {
        let nested = [b")".to_vec(), vec![0x85; 16000], b".".to_vec()].concat();
        assert_eq!(
            refusal(&archive(&nested)),
            format!("The file holds a tuple and no state dict.{REMEDY}")
        );
        // d = {}; d["d"] = d
        assert_eq!(
            refusal(&archive(b"}q\0X\x01\0\0\0dh\0s.")),
            format!("The file holds a dict and no state dict.{REMEDY}")
        );
        // Two hundred pairs, each of which holds the pair before it twice: copied, these would be 2²⁰⁰ values
        let pairs = (0..200).flat_map(|it| [b'q', it, b'h', it, 0x86]).collect();
        let doubled = [b"N".to_vec(), pairs, b".".to_vec()].concat();
        assert_eq!(
            refusal(&archive(&doubled)),
            format!("The file holds a tuple and no state dict.{REMEDY}")
        );
    }

    async fn no_part_of_a_file_is_read_as_the_whole() {
        for file in FILES {
            for length in 0..file.len() {
                assert!(pytorch::read(&file[..length]).is_err(), "of {length} bytes");
            }
        }
    }

    async fn damaged_files_are_read_or_refused() {
        let mut bits = ChaCha8Rng::seed_from_u64(0);
        for file in FILES {
            for _ in 0..2000 {
                let mut file = file.to_vec();
                for _ in 0..bits.random_range(1..8) {
                    let at = bits.random_range(0..file.len());
                    file[at] = match bits.random_range(0..3) {
                        0 => bits.random(),
                        1 => file[at] ^ (1 << bits.random_range(0..8)),
                        _ => file[bits.random_range(0..file.len())],
                    };
                }
                if let Ok(tensors) = pytorch::read(&file) {
                    for it in tensors {
                        assert_eq!(it.values.len(), it.shape.iter().product::<usize>());
                    }
                }
            }
        }
    }
}
