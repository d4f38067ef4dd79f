//! The constants of a plan, in the one buffer that a fused iteration reads them from.

use burn::nn::Linear;
use burn::tensor::{Device, Tensor};

use super::plan::{FormPlan, Layer, Plan, padded};
use crate::architecture::{PIXELS, SIDE};
use crate::form::Form;
use crate::network::Network;

/// Everything that stays the same, `[plan.constants]`, on the network's device: weights, biases, and
/// what the form consists of, each at the place that the plan gave it.
pub fn pack(plan: &Plan, network: &Network, form: &Form) -> Tensor<1> {
    let device = network.device().without_autodiff();
    let mut parts = Parts {
        device: &device,
        parts: Vec::new(),
    };
    let mut convolutions = network.convolutions().iter();
    let mut dense = network.dense().iter();
    for layer in &plan.layers {
        match layer {
            Layer::Convolution(_) => {
                let it = convolutions.next().expect("one for each in the plan");
                parts.push(it.weight.val().flatten(0, 3));
                parts.push(bias(&it.bias));
            }
            Layer::Average(_) => {}
            Layer::Dense(_) => {
                let it: &Linear = dense.next().expect("one for each in the plan");
                parts.both_ways(it.weight.val());
                parts.push(bias(&it.bias));
            }
        }
    }
    match (&plan.form, form) {
        (FormPlan::Pixels | FormPlan::Sigmoid, _) => {}
        (FormPlan::Fourier { .. }, Form::Fourier(fourier)) => {
            parts.push(fourier.waves.clone().reshape([SIDE * SIDE]));
            parts.push(fourier.scale.clone().reshape([PIXELS]));
        }
        (FormPlan::Prior(_), Form::Prior(prior)) => {
            parts.both_ways(prior.axes.clone());
            parts.push(prior.mean.clone().reshape([PIXELS]));
        }
        _ => unreachable!("the plan is of this form"),
    }
    let packed = Tensor::cat(parts.parts, 0);
    debug_assert_eq!(packed.dims(), [plan.constants]);
    packed
}

fn bias(bias: &Option<burn::module::Param<Tensor<1>>>) -> Tensor<1> {
    bias.as_ref()
        .expect("every layer is made with biases")
        .val()
}

struct Parts<'a> {
    device: &'a Device,
    parts: Vec<Tensor<1>>,
}

impl Parts<'_> {
    /// Puts numbers behind those that are there, and zeros up to a whole group of four.
    fn push(&mut self, values: Tensor<1>) {
        let values = values.without_autodiff();
        let [count] = values.dims();
        self.parts.push(values);
        if padded(count) > count {
            self.parts
                .push(Tensor::zeros([padded(count) - count], self.device));
        }
    }

    /// A matrix `[k, n]` and its transpose, both padded in both dimensions.
    fn both_ways(&mut self, matrix: Tensor<2>) {
        let matrix = matrix.without_autodiff();
        let [k, n] = matrix.dims();
        let mut whole = matrix;
        if padded(k) > k {
            let rows = Tensor::zeros([padded(k) - k, n], self.device);
            whole = Tensor::cat(vec![whole, rows], 0);
        }
        if padded(n) > n {
            let columns = Tensor::zeros([padded(k), padded(n) - n], self.device);
            whole = Tensor::cat(vec![whole, columns], 1);
        }
        self.push(whole.clone().flatten(0, 1));
        self.push(whole.transpose().flatten(0, 1));
    }
}
