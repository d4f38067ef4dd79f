//! The memory that runs hold: a network's weights once, however many runs there are, and for objectives of
//! hidden layers only the units of the rows.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::sync::Arc;

use actmax::fused::{Fused, Weights};
use actmax::network::Layer;
use actmax::network::PIXELS;
use actmax::network::{ActivationFunction, Convolution};
use actmax::network::{Architecture, Model, Parameters};
use actmax::run::Run;
use actmax::task::TRACE_STRIDE;
use actmax::task::{Objective, Parameterization, Start, Task};
use actmax::training::statistics::pca::{self, LastRead};

use crate::common::{components, connect, fused, hidden, network, parameters, settings};

/// The system's allocator, which counts what each thread holds: tests run side by side.
struct Counting;

thread_local! {
    static HELD: Cell<isize> = const { Cell::new(0) };
    static MOST: Cell<isize> = const { Cell::new(0) };
}

fn count(bytes: isize) {
    // The counters of a thread that ends may be gone already.
    let _ = HELD.try_with(|held| {
        held.set(held.get() + bytes);
        let _ = MOST.try_with(|most| most.set(most.get().max(held.get())));
    });
}

// SAFETY: every call is handed on to the system's allocator as it is.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        count(-(layout.size() as isize));
        unsafe { System.dealloc(at, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// The result of `make`, the bytes that it holds afterwards, and the most bytes that were held meanwhile.
fn weighed<T>(make: impl FnOnce() -> T) -> (T, isize, isize) {
    let before = HELD.get();
    MOST.set(before);
    let made = make();
    (made, HELD.get() - before, MOST.get() - before)
}

const MEGABYTE: isize = 1 << 20;

crate::tests! {
    async fn runs_of_all_objectives_and_parameterizations_share_the_weights() {
        let weights = Weights::of(&parameters(&network(Model::Mlp).await).await);
        let objectives = [Objective::TargetProbability, Objective::LogProbability, Objective::Logit]
            .into_iter()
            .chain((0..10).map(|other| Objective::LogitDifference { other }))
            .chain(["fc1", "fc2", "fc3"].map(hidden));
        let parameterizations = [Parameterization::Pixels, Parameterization::Sigmoid, Parameterization::Fourier, components()];
        let tasks: Vec<_> = objectives
            .flat_map(|objective| parameterizations.clone().map(|parameterization| Task { objective: objective.clone(), parameterization, seed: 1 }))
            .collect();
        assert_eq!(tasks.len(), 64);
        let device = connect().await;
        let begin = |task: &Task| {
            let fused = Fused::new(&weights, task).expect("there is a plan");
            let run = fused.executor(&[3], &[0.0; PIXELS], &device);
            (fused, run)
        };
        let first = weighed(|| begin(&tasks[3])); // With principal components.
        assert!((MEGABYTE..3 * MEGABYTE).contains(&first.1), "the first holds {}", first.1);
        let (all, held, _) = weighed(|| tasks.iter().map(begin).collect::<Vec<_>>());
        assert!(held < 64 * 100_000, "{} runs more hold {held} bytes", all.len());
    }

    async fn a_filters_goal_takes_what_its_rows_ask_for() {
        // The linear functions of all filters would have 256 · 256 · 784 weights: 196 MiB.
        let convolution = Convolution { channels: 256, kernel: [1, 1], padded: false, pooling: None };
        let architecture = Architecture {
            convolutions: vec![convolution; 2],
            dense: vec![10],
            activation: ActivationFunction::Relu,
            ..Architecture::mlp()
        };
        let layer = |shape: &[usize], outputs: usize| Layer {
            weight: vec![0.01; shape.iter().product()],
            shape: shape.to_vec(),
            bias: vec![0.0; outputs],
        };
        let layers = [
            layer(&[256, 1, 1, 1], 256),
            layer(&[256, 256, 1, 1], 256),
            layer(&[256 * PIXELS, 10], 10),
        ];
        let weights = Weights::of(&Parameters { architecture, layers: layers.into() });
        let objective = hidden("conv2");
        let task = Task { objective, ..Task::default() };
        let device = connect().await;
        let (_run, held, most) = weighed(|| {
            let fused = Fused::new(&weights, &task).expect("there is a plan");
            fused.executor(&[5], &[0.0; PIXELS], &device)
        });
        assert!(held < 40 * MEGABYTE && most < 48 * MEGABYTE, "held are {held} bytes, were {most}");
    }

    async fn iterations_that_nobody_has_read_hold_their_trace_alone() {
        const STEPS: usize = 300;
        const EACH: usize = 5;
        let network = network(Model::Mlp).await;
        let task = Task::default();
        let rows = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
        let fused = fused(&network, &task).await;
        let mut run = Run::begin(&network, &rows, Start::default(), task, fused).expect("valid");
        let settings = settings(0.01);
        run.advance(1, &settings);
        let ((), held, _) = weighed(|| (0..STEPS).for_each(|_| run.advance(EACH, &settings)));
        let trace = (STEPS * EACH * rows.len() * TRACE_STRIDE * size_of::<f32>()) as isize;
        assert!(held < trace + trace / 2, "held are {held} bytes for a trace of {trace}");
        let frame = run.snapshot(&settings).read().await.expect("it can be read");
        assert_eq!(frame.trace().len(), (STEPS * EACH + 1) * rows.len() * TRACE_STRIDE);
    }

    async fn components_that_were_read_are_not_read_again() {
        const SHIPPED: &[u8] = include_bytes!("../../www/weights/pca.safetensors");
        let mut last = LastRead::new();
        let first = last.read(SHIPPED).expect("it is valid");
        let (again, held, most) = weighed(|| last.read(SHIPPED).expect("it is valid"));
        assert!(Arc::ptr_eq(&first, &again), "it is the same");
        assert_eq!((held, most), (0, 0));
        // A file that is refused does not replace the last one.
        assert!(last.read(&SHIPPED[..1000]).is_err());
        assert!(Arc::ptr_eq(&first, &last.read(SHIPPED).expect("it is valid")));
        // Other bytes give other components.
        let mut other = (*first).clone();
        other.mean[0] = 0.5;
        let other = last.read(&pca::write(&other).expect("it can be written")).expect("it is valid");
        assert_eq!((other.mean[0], other.rank()), (0.5, 64));
        assert_eq!(first.mean[0], 0.0);
    }
}
