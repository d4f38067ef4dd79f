//! Files that are not what they claim to be (`tests/reference/hostile_files.py`): the error of each, word
//! for word.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use actmax::import::NetworkFile;

#[test]
fn hostile_files_are_refused_in_words() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/hostile");
    let expected = fs::read(folder.join("messages.json")).expect("the messages are there");
    let expected: BTreeMap<String, String> = serde_json::from_slice(&expected).expect("JSON");
    let said: BTreeMap<String, String> = fs::read_dir(folder)
        .expect("the files are there")
        .map(|entry| entry.expect("it can be listed").path())
        .filter(|path| path.extension().is_some_and(|it| it != "json"))
        .map(|path| {
            let bytes = fs::read(&path).expect("it can be read");
            let said = match NetworkFile::open(&bytes) {
                Ok(_) => "It was taken.".to_owned(),
                Err(error) => error.to_string(),
            };
            let name = path
                .file_name()
                .expect("it has a name")
                .to_string_lossy()
                .into_owned();
            (name, said)
        })
        .collect();
    for (name, message) in &said {
        assert_eq!(Some(message), expected.get(name), "{name}");
    }
    assert_eq!(said.len(), expected.len(), "every message is about a file");
}
