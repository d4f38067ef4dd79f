//! Fuzzes the readers of network files and data files: whatever the bytes, the readers must not panic,
//! hang, or allocate more memory than the limits allow.
//!
//! Most random bytes are refused because of the first eight, which are the length of a header. So the first
//! byte of an input says what the rest is: a whole file; a header and data, to which the length is added; a
//! header alone, to which as much data is added as it asks for; or a pickle, which is put into an archive
//! with a storage that it can refer to.

#![no_main]

use actmax::import::{ImportOptions, NetworkFile};
use actmax::network::DIGITS;
use actmax::training::statistics::{means, pca, prototypes};
use libfuzzer_sys::fuzz_target;

/// The most bytes of data that are added to a header.
const MAX_DATA: usize = 1 << 20;

fuzz_target!(|input: &[u8]| {
    match input.split_first() {
        Some((b'H', rest)) => read(&with_length(rest, &[])),
        Some((b'P', pickle)) => read(&archive(&[
            ("a/data.pkl", pickle),
            ("a/data/0", &[0; 4096]),
        ])),
        Some((b'D', header)) => read(&with_length(header, &vec![0; data_length(header)])),
        _ => read(input),
    }
});

/// A safetensors file with this header and data.
fn with_length(header: &[u8], data: &[u8]) -> Vec<u8> {
    [&(header.len() as u64).to_le_bytes(), header, data].concat()
}

/// An uncompressed ZIP archive, as `torch.save` writes it.
fn archive(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut file, mut directory) = (Vec::new(), Vec::new());
    for (name, data) in entries {
        let at = (file.len() as u32).to_le_bytes();
        let mut common = [0; 26]; // Version, flags, method, time, checksum.
        common[14..18].copy_from_slice(&(data.len() as u32).to_le_bytes());
        common[18..22].copy_from_slice(&(data.len() as u32).to_le_bytes());
        common[22..24].copy_from_slice(&(name.len() as u16).to_le_bytes());
        file.extend([b"PK\x03\x04", &common[..], name.as_bytes(), data].concat());
        let parts = [
            b"PK\x01\x02\0\0",
            &common[..],
            &[0; 10],
            &at,
            name.as_bytes(),
        ];
        directory.extend(parts.concat());
    }
    let mut end = [0; 18];
    end[4..6].copy_from_slice(&(entries.len() as u16).to_le_bytes());
    end[6..8].copy_from_slice(&(entries.len() as u16).to_le_bytes());
    end[8..12].copy_from_slice(&(directory.len() as u32).to_le_bytes());
    end[12..16].copy_from_slice(&(file.len() as u32).to_le_bytes());
    [&file[..], &directory, b"PK\x05\x06", &end].concat()
}

/// The largest number in a header, which is probably the end of its last tensor.
fn data_length(header: &[u8]) -> usize {
    (header.split(|it| !it.is_ascii_digit()))
        .filter_map(|digits| std::str::from_utf8(digits).ok()?.parse().ok())
        .filter(|it| *it <= MAX_DATA)
        .max()
        .unwrap_or_default()
}

/// Reads the bytes with every reader, and checks what a network file is said to hold.
fn read(bytes: &[u8]) {
    let _ = means::read(bytes);
    let _ = pca::read(bytes);
    let _ = prototypes::read(bytes);
    let Ok(file) = NetworkFile::open(bytes) else {
        return;
    };
    for (candidate, found) in file.summary().candidates.iter().enumerate() {
        let options = ImportOptions {
            candidate,
            ..Default::default()
        };
        let architecture = file.inferred().architecture(&options);
        let architecture = architecture.expect("every candidate is a network");
        assert!(found.description.starts_with(&architecture.shape()));
        assert!(
            architecture.features().is_some(),
            "its maps are large enough"
        );
        assert_eq!(architecture.dense.last(), Some(&DIGITS));
    }
}
