//! The readers of networks and of the small files of data: no bytes may make them panic, hang, or
//! ask for more memory than is allowed.
//!
//! They are the crate's own files, which need nothing of Burn: with it, a build would take ten
//! minutes, and follow a thousand times as much code.
//!
//! Most bytes are refused for their first eight, which are the length of a header. So an input may
//! also be the header and the data alone, to which the length is put; or the header alone, to which
//! as much data is put as it wants.

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
#[path = "../../src/recognition/mod.rs"]
mod recognition;
#[path = "../../src/tensors.rs"]
mod tensors;

/// The most data that is made up, in bytes.
const MOST_DATA: usize = 1 << 20;

fuzz_target!(|input: &[u8]| {
    match input.split_first() {
        Some((b'H', rest)) => read(&with_length(rest, &[])),
        Some((b'D', header)) => read(&with_length(header, &vec![0; wanted(header)])),
        _ => read(input),
    }
});

/// A safetensors file of this header and data.
fn with_length(header: &[u8], data: &[u8]) -> Vec<u8> {
    [&(header.len() as u64).to_le_bytes(), header, data].concat()
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
    let Ok(contents) = contents::Contents::open(bytes) else {
        return;
    };
    let findings = contents.findings();
    for (candidate, found) in findings.candidates.iter().enumerate() {
        let choices = choices::Choices {
            candidate,
            ..Default::default()
        };
        let architecture = contents.recognised().architecture(&choices);
        let architecture = architecture.expect("every candidate is a network");
        assert!(found.description.starts_with(&architecture.shape()));
        assert!(architecture.features().is_some(), "its maps are large enough");
        assert_eq!(architecture.dense.last(), Some(&architecture::DIGITS));
    }
}
