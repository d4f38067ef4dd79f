//! The readers of networks and of the small files of data: no bytes may make them panic, hang, or
//! ask for more memory than is allowed.
//!
//! They are the crate's own files, which need nothing of Burn: with it, a build would take ten
//! minutes, and follow a thousand times as much code.
//!
//! Most bytes are refused for their first eight, which are the length of a header. So an input may
//! also be the header and the data alone, to which the length is put; or the header alone, to which
//! as much data is put as it wants. In the same way it may be a pickle, which is put into an archive
//! with something to point at.

#![no_main]
#![allow(dead_code)]

use libfuzzer_sys::fuzz_target;

#[path = "../../src/architecture.rs"]
mod architecture;
#[path = "../../src/card.rs"]
mod card;
#[path = "../../src/choices.rs"]
mod choices;
#[path = "../../src/contents.rs"]
mod contents;
#[path = "../../src/means.rs"]
mod means;
#[path = "../../src/named.rs"]
mod named;
#[path = "../../src/prior.rs"]
mod prior;
#[path = "../../src/prototypes.rs"]
mod prototypes;
#[path = "../../src/pytorch/mod.rs"]
mod pytorch;
#[path = "../../src/inference/mod.rs"]
mod inference;
#[path = "../../src/tensors.rs"]
mod tensors;

/// The most data that is made up, in bytes.
const MOST_DATA: usize = 1 << 20;

fuzz_target!(|input: &[u8]| {
    match input.split_first() {
        Some((b'H', rest)) => read(&with_length(rest, &[])),
        Some((b'P', pickle)) => read(&archive(&[("a/data.pkl", pickle), ("a/data/0", &[0; 4096])])),
        Some((b'D', header)) => read(&with_length(header, &vec![0; wanted(header)])),
        _ => read(input),
    }
});

/// A safetensors file of this header and data.
fn with_length(header: &[u8], data: &[u8]) -> Vec<u8> {
    [&(header.len() as u64).to_le_bytes(), header, data].concat()
}

/// A ZIP archive that packs nothing, as `torch.save` writes it.
fn archive(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut file, mut directory) = (Vec::new(), Vec::new());
    for (name, data) in entries {
        let at = (file.len() as u32).to_le_bytes();
        let mut common = [0; 26]; // Version, flags, method, time, checksum.
        common[14..18].copy_from_slice(&(data.len() as u32).to_le_bytes());
        common[18..22].copy_from_slice(&(data.len() as u32).to_le_bytes());
        common[22..24].copy_from_slice(&(name.len() as u16).to_le_bytes());
        file.extend([b"PK\x03\x04", &common[..], name.as_bytes(), data].concat());
        let parts = [b"PK\x01\x02\0\0", &common[..], &[0; 10], &at, name.as_bytes()];
        directory.extend(parts.concat());
    }
    let mut end = [0; 18];
    end[4..6].copy_from_slice(&(entries.len() as u16).to_le_bytes());
    end[6..8].copy_from_slice(&(entries.len() as u16).to_le_bytes());
    end[8..12].copy_from_slice(&(directory.len() as u32).to_le_bytes());
    end[12..16].copy_from_slice(&(file.len() as u32).to_le_bytes());
    [&file[..], &directory, b"PK\x05\x06", &end].concat()
}

/// The largest number in a header, which is likely to be where its data ends.
fn wanted(header: &[u8]) -> usize {
    (header.split(|it| !it.is_ascii_digit()))
        .filter_map(|digits| std::str::from_utf8(digits).ok()?.parse().ok())
        .filter(|it| *it <= MOST_DATA)
        .max()
        .unwrap_or_default()
}

fn read(bytes: &[u8]) {
    let _ = means::read(bytes);
    let _ = prior::read(bytes);
    let _ = prototypes::read(bytes);
    let Ok(contents) = contents::NetworkFile::open(bytes) else {
        return;
    };
    let findings = contents.findings();
    for (candidate, found) in findings.candidates.iter().enumerate() {
        let choices = choices::ImportOptions {
            candidate,
            ..Default::default()
        };
        let architecture = contents.inferred().architecture(&choices);
        let architecture = architecture.expect("every candidate is a network");
        assert!(found.description.starts_with(&architecture.shape()));
        assert!(architecture.features().is_some(), "its maps are large enough");
        assert_eq!(architecture.dense.last(), Some(&architecture::DIGITS));
    }
}
