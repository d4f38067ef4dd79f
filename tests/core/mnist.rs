//! The errors of data files that are not MNIST's, and the training on those that are.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use actmax::training::mnist::mirror::fetch_missing;
use actmax::training::mnist::{IdxFile, Mnist, TEST_LABELS, TRAIN_IMAGES, TRAIN_LABELS, parse};
use flate2::{Compression, write::GzEncoder};

use crate::common;

fn refusal(bytes: Vec<u8>, file: IdxFile) -> String {
    parse(Path::new("data/file"), bytes, file)
        .unwrap_err()
        .to_string()
}

/// An IDX file of zeros.
fn idx(magic: u32, sizes: &[u32], body: usize) -> Vec<u8> {
    let mut bytes = magic.to_be_bytes().to_vec();
    bytes.extend(sizes.iter().flat_map(|size| size.to_be_bytes()));
    bytes.resize(bytes.len() + body, 0);
    bytes
}

/// An empty folder of that name.
fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).unwrap();
    path
}

#[test]
fn a_missing_file_is_named() {
    let folder = folder("missing");
    assert_eq!(
        Mnist::load(&folder).unwrap_err().to_string(),
        format!(
            "{}: neither train-images-idx3-ubyte nor train-images-idx3-ubyte.gz is there. \
             Expected MNIST's four files: train-images-idx3-ubyte, train-labels-idx1-ubyte, \
             t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte.",
            folder.display()
        )
    );
}

#[test]
fn a_truncated_file_is_refused() {
    assert_eq!(
        refusal(vec![0, 0, 8], TRAIN_IMAGES),
        "data/file: is 3 bytes long; train-images-idx3-ubyte is 47040016. Download the file again."
    );
    assert_eq!(
        refusal(idx(2049, &[10_000], 9_000), TEST_LABELS),
        "data/file: is 9008 bytes long; t10k-labels-idx1-ubyte is 10008. Download the file again."
    );
}

#[test]
fn swapped_files_are_recognized() {
    assert_eq!(
        refusal(idx(2049, &[60_000], 60_000), TRAIN_IMAGES),
        "data/file: starts with the number 2049; MNIST images start with 2051. Are images and \
         labels swapped?"
    );
    assert_eq!(
        refusal(idx(2049, &[10_000], 10_000), TRAIN_LABELS),
        "data/file: says that it holds 10000 labels; train-labels-idx1-ubyte holds 60000. Are the \
         training and test files swapped?"
    );
}

#[test]
fn what_is_not_idx_is_refused() {
    assert_eq!(
        refusal(b"<!doctype html>".to_vec(), TEST_LABELS),
        "data/file: starts with the number 1008821359; MNIST labels start with 2049. This is not \
         an IDX file."
    );
}

#[test]
fn a_corrupt_file_is_refused() {
    let message = refusal(idx(2049, &[10_000], 10_000), TEST_LABELS);
    assert!(
        message.starts_with("data/file: has the right format, but its SHA-256 is ")
            && message.ends_with(
                "; MNIST's t10k-labels-idx1-ubyte has \
                 ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2. Download the \
                 file again."
            ),
        "{message}"
    );
}

#[test]
fn a_cut_off_gzip_is_refused() {
    let folder = folder("gzip");
    let path = folder.join("train-images-idx3-ubyte.gz");
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder
        .write_all(&idx(2051, &[60_000, 28, 28], 5_000))
        .unwrap();
    let bytes = encoder.finish().unwrap();
    fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    let message = Mnist::load(&folder).unwrap_err().to_string();
    let start = format!("{}: the gzip data is corrupt or cut off (", path.display());
    assert!(message.starts_with(&start), "{message}");
}

/// A web server on a port of its own. It responds with what `answer` gives for a path, or with a 404.
fn serve(answer: impl Fn(&str) -> Option<Vec<u8>> + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let lines: Vec<String> = BufReader::new(&stream)
                .lines()
                .map(Result::unwrap)
                .take_while(|line| !line.is_empty())
                .collect();
            let path = lines[0].split(' ').nth(1).unwrap();
            let (status, body) = match answer(path) {
                Some(body) => ("200 OK", body),
                None => ("404 Not Found", Vec::new()),
            };
            let head = format!(
                "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                body.len()
            );
            // Writing fails if the client has disconnected, which it may.
            let _ = stream.write_all(&[head.as_bytes(), &body].concat());
        }
    });
    url
}

#[test]
fn a_download_that_fails_is_said_and_leaves_nothing() {
    let folder = folder("download");
    let empty = serve(|_| None);
    let page = serve(|_| Some(b"<!doctype html>".to_vec()));
    let message = |mirrors| fetch_missing(&folder, mirrors).unwrap_err().to_string();
    assert_eq!(
        message([&page, &empty]),
        format!(
            "{empty}/train-images-idx3-ubyte.gz: could not be downloaded (http status: 404). \
             Bring the files yourself with --data DIR."
        )
    );
    assert_eq!(
        message([&empty, &page]),
        format!(
            "{page}/train-images-idx3-ubyte.gz: could not be downloaded (invalid gzip header). \
             Bring the files yourself with --data DIR."
        )
    );
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);
}

#[test]
fn the_second_mirror_gives_what_the_first_does_not() {
    let Some(data) = common::mnist("the_second_mirror_gives_what_the_first_does_not") else {
        return;
    };
    let folder = folder("mirrored");
    // A damaged file is not replaced: the intact gzipped file beside it is used.
    let damaged = folder.join(TRAIN_LABELS.name);
    fs::write(&damaged, "cut off").unwrap();
    let first = serve(|_| None);
    let second = serve(move |path| fs::read(Path::new(&data).join(&path[1..])).ok());
    fetch_missing(&folder, [&first, &second]).unwrap();
    assert_eq!(Mnist::load(&folder).unwrap().test.len(), 10_000);
    assert_eq!(fs::read_to_string(&damaged).unwrap(), "cut off");
    // Files that are there are not downloaded again.
    fetch_missing(&folder, ["http://127.0.0.1:9", "http://127.0.0.1:9"]).unwrap();
}

#[test]
fn of_two_damaged_files_the_first_is_told_of() {
    let folder = folder("damaged");
    let plain = folder.join("train-images-idx3-ubyte");
    fs::write(&plain, "cut off").unwrap();
    fs::write(folder.join("train-images-idx3-ubyte.gz"), "cut off").unwrap();
    assert_eq!(
        Mnist::load(&folder).unwrap_err().to_string(),
        format!(
            "{}: is 7 bytes long; train-images-idx3-ubyte is 47040016. Download the file again.",
            plain.display()
        )
    );
}

#[test]
fn failed_training_overwrites_nothing() {
    let out = folder("kept");
    let weights = out.join("mlp.safetensors");
    fs::write(&weights, "precious").unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_train"))
        .args(["--data", folder("empty").to_str().unwrap(), "--out"])
        .arg(&out)
        .output()
        .unwrap();
    assert!(!output.status.success());
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(message.starts_with("error: "), "{message}");
    assert!(
        message.contains("neither train-images-idx3-ubyte nor"),
        "{message}"
    );
    assert_eq!(fs::read_to_string(&weights).unwrap(), "precious");
    assert_eq!(
        fs::read_dir(&out).unwrap().count(),
        1,
        "nothing is left behind"
    );
}

#[test]
fn the_same_seed_trains_the_same_network() {
    let Some(data) = common::mnist("the_same_seed_trains_the_same_network") else {
        return;
    };
    let train = |name: &str| {
        let out = folder(name);
        let status = Command::new(env!("CARGO_BIN_EXE_train"))
            .args(["--network", "lenet5", "--epochs", "1", "--out"])
            .arg(&out)
            .arg("--data")
            .arg(&data)
            .stdout(std::process::Stdio::null())
            .status()
            .unwrap();
        assert!(status.success());
        fs::read(out.join("lenet5.safetensors")).unwrap()
    };
    assert!(train("first") == train("second"), "the two files differ");
}
