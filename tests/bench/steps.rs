//! A step of the core, outside of browsers: plain and fused, on the backend of the build.
//!
//! ```sh
//! cargo bench --profile native --no-default-features --features cpu    # Flex
//! cargo bench --profile native                                          # a GPU, on Vulkan or Metal
//! ```

use actmax::fused::{Fused, Weights};
use actmax::import::{ImportOptions, NetworkFile};
use actmax::network::Model;
use actmax::reference::Network;
use actmax::reference::device;
use actmax::run::Run;
use actmax::task::{Settings, Start, Task};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use pollster::block_on;

/// Steps before a read, as in a frame.
const STEPS: usize = 10;

fn steps(criterion: &mut Criterion) {
    let device = block_on(device::connect()).expect("there is a device");
    let settings = Settings::default();
    for model in [Model::Mlp, Model::LeNet5] {
        let file = std::fs::read(format!("www/weights/{}.safetensors", model.name()));
        let file = file.expect("the weights are in www/weights");
        let file = NetworkFile::open(&file).expect("it is valid");
        let parameters = file
            .parameters(&ImportOptions::default())
            .expect("it has one reading");
        let network = Network::of(&parameters, &device);
        let mut group = criterion.benchmark_group(format!("{}, {}", device::BACKEND, model.name()));
        group.throughput(Throughput::Elements(STEPS as u64));
        for rows in [1, 10] {
            let digits: Vec<u16> = (0..rows).collect();
            for path in ["plain", "fused"] {
                let task = Task::default();
                let fused = (path == "fused").then(|| Fused::new(&Weights::of(&parameters), &task));
                let mut run =
                    Run::begin(&network, &digits, Start::default(), task, fused.flatten())
                        .expect("the task is valid");
                group.bench_function(BenchmarkId::new(path, rows), |bencher| {
                    bencher.iter(|| {
                        run.advance(STEPS, &settings);
                        block_on(run.snapshot(&settings).read()).expect("it can be read")
                    });
                });
            }
        }
        group.finish();
    }
}

criterion_group!(benches, steps);
criterion_main!(benches);
