//! Trains the networks on MNIST and writes them where the page finds them.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use actmax::network::Model;
use actmax::network::file;
use actmax::network::{Accuracy, Card, Epoch, Robust};
use actmax::reference::Network;
use actmax::reference::device;
use actmax::training::fit::{self, EVALUATION_ATTACK, Progress, Recipe};
use actmax::training::mnist::{Mnist, mirror};
use actmax::training::statistics::compute;
use burn::tensor::Device;
use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};

/// Train the MLP, LeNet-5, the robust LeNet-5 and its control on MNIST: 45,000 images train, 15,000
/// validate, 10,000 test.
#[derive(Parser)]
#[command(name = "train", version)]
struct Arguments {
    /// Folder with MNIST's four IDX files, gzipped or not. Without it: $MNIST_DIR, else they are
    /// downloaded.
    #[arg(long, value_name = "DIR", env = "MNIST_DIR")]
    data: Option<PathBuf>,

    /// Folder for the networks, mlp.safetensors, lenet5.safetensors, control.safetensors and
    /// robust.safetensors, and for what is computed from the training images: means.safetensors,
    /// pca.safetensors, prototypes.safetensors.
    #[arg(long, value_name = "DIR", default_value = "www/weights")]
    out: PathBuf,

    /// Train this network alone.
    #[arg(long, value_name = "NAME", value_parser = Model::ALL.map(Model::name))]
    network: Option<String>,

    /// Seed of initialization, order, dropout and attacks.
    #[arg(long, default_value_t = 1)]
    seed: u64,

    /// Passes over the training images. Without it: 3, and 8 for the robust network and
    /// its control.
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..))]
    epochs: Option<u16>,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    let data = Mnist::load(&data_directory(arguments.data.as_deref())?)?;
    let recipe = |model| {
        let default = Recipe::of(model);
        Recipe {
            epochs: arguments.epochs.map_or(default.epochs, usize::from),
            seed: arguments.seed,
            ..default
        }
    };
    let chosen = |it: &Model| match &arguments.network {
        Some(name) => it.name() == name,
        None => true,
    };
    // Nothing is written before everything has been trained.
    let mut files: Vec<_> = (Model::ALL.into_iter().filter(chosen))
        .map(|model| {
            let file = format!("{}.safetensors", model.name());
            Ok((file, train(model, &recipe(model), &data)?))
        })
        .collect::<Result<_, Box<dyn Error>>>()?;
    files.extend(compute::files(&data.train)?);
    for (file, bytes) in files {
        let path = arguments.out.join(file);
        replace(&path, &bytes).map_err(|error| format!("{}: {error}", path.display()))?;
        println!("wrote {} ({} bytes)", path.display(), bytes.len());
    }
    Ok(())
}

fn data_directory(given: Option<&Path>) -> Result<PathBuf, Box<dyn Error>> {
    if let Some(directory) = given {
        return Ok(directory.to_owned());
    }
    let cache = std::env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(std::env::home_dir()?.join(".cache")))
        .ok_or("There is no home directory to download MNIST to. Give a folder with --data DIR.")?;
    let directory = cache.join("actmax").join("mnist");
    mirror::fetch_missing(&directory, mirror::MIRRORS)?;
    Ok(directory)
}

fn train(model: Model, recipe: &Recipe, data: &Mnist) -> Result<Vec<u8>, Box<dyn Error>> {
    let description = model.description();
    println!("\n{}: {description}", model.name());
    println!("  {}", recipe.description());
    let device = device::cpu();
    let bar = ProgressBar::no_length().with_style(ProgressStyle::with_template(
        "  epoch {prefix} {wide_bar} {pos}/{len}  {msg}",
    )?);
    let report = |it: Progress| {
        bar.set_length(it.steps as u64);
        bar.set_prefix(format!("{}/{}", it.epoch, recipe.epochs));
        bar.set_position(it.step as u64);
        bar.set_message(format!(
            "loss {:.4}  accuracy {}",
            it.loss,
            percent(it.accuracy)
        ));
    };
    let mut epoch = 0;
    let finished = |it: &Epoch| {
        epoch += 1;
        bar.suspend(|| {
            println!(
                "  epoch {epoch}: loss {:.4}, train {}, validation {}",
                it.loss,
                percent(it.train),
                percent(it.validation)
            );
        });
    };
    let (network, epochs) = fit::train(model, recipe, data, &device, report, finished);
    bar.finish_and_clear();

    let accuracy = fit::accuracies(&network, data, &device);
    println!("  {}", summary(&accuracy));
    let robust = matches!(model, Model::Control | Model::Robust)
        .then(|| evaluate_attacked(&network, data, &device));
    let card = Card {
        description,
        training: recipe.description(),
        date: jiff::Zoned::now().date().to_string(),
        seed: recipe.seed,
        epochs,
        accuracy,
        robust,
    };
    let parameters = pollster::block_on(network.parameters())?;
    Ok(file::write(&parameters, &card)?)
}

fn evaluate_attacked(network: &Network, data: &Mnist, device: &Device) -> Robust {
    let accuracy = fit::accuracy_under(EVALUATION_ATTACK, network, &data.test, device);
    let attack = EVALUATION_ATTACK.description();
    println!("  test under attack ({attack}): {}", percent(accuracy));
    Robust { accuracy, attack }
}

fn summary(it: &Accuracy) -> String {
    format!(
        "train {}, validation {}, test {}; gap between train and test {:.2} points",
        percent(it.train),
        percent(it.validation),
        percent(it.test),
        100.0 * (it.train - it.test)
    )
}

fn percent(fraction: f64) -> String {
    format!("{:.2}%", 100.0 * fraction)
}

/// Writes a temporary file and renames it, so that the old file stays intact if writing fails.
fn replace(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    if let Some(directory) = path.parent() {
        fs::create_dir_all(directory)?;
    }
    let partial = path.with_extension("safetensors.part");
    fs::write(&partial, bytes)?;
    fs::rename(&partial, path)
}
