//! In which order the layers of a file follow one another.

use super::{InferError, Layout};
use crate::import::tensor::NamedTensor;
use crate::network::architecture::{DIGITS, PIXELS};

/// A weight, once it is known in which order its dimensions stand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Layer {
    /// Its place in the file.
    pub(super) index: usize,
    pub(super) inputs: usize,
    pub(super) outputs: usize,
    /// Height and width, of a convolution.
    pub(super) kernel: Option<[usize; 2]>,
}

impl Layer {
    fn of(index: usize, shape: &[usize], layout: Layout) -> Self {
        let (outputs, inputs, kernel) = match (layout, shape) {
            (Layout::Pytorch, &[outputs, inputs, height, width])
            | (Layout::Keras, &[height, width, inputs, outputs]) => {
                (outputs, inputs, Some([height, width]))
            }
            (Layout::Pytorch, &[outputs, inputs]) | (Layout::Keras, &[inputs, outputs]) => {
                (outputs, inputs, None)
            }
            _ => unreachable!("a weight has two dimensions or four"),
        };
        Self {
            index,
            inputs,
            outputs,
            kernel,
        }
    }
}

/// The layers as they follow one another, and their layout. Only one layout can lead from 784
/// inputs to 10 outputs: read the other way round, the same weights lead from 10 to 784.
pub(super) fn in_order(
    tensors: &[NamedTensor],
    weights: &[usize],
) -> Result<(Layout, Vec<Layer>), InferError> {
    let listed = || {
        (weights.iter())
            .map(|&index| format!("{} {:?}", tensors[index].name, tensors[index].shape))
            .collect::<Vec<_>>()
            .join(", ")
    };
    if !weights.iter().any(|&index| tensors[index].shape.len() == 2) {
        return Err(InferError::NoDense);
    }
    for layout in [Layout::Pytorch, Layout::Keras] {
        let (kernels, matrices): (Vec<_>, Vec<_>) = (weights.iter())
            .map(|&index| Layer::of(index, &tensors[index].shape, layout))
            .partition(|it| it.kernel.is_some());
        let first = chain(&kernels, |inputs| inputs == 1, |_| true);
        let mut layers = match first {
            Chain::One(layers) => layers,
            Chain::None => continue,
            Chain::Several => return Err(InferError::Order(listed())),
        };
        let second = match layers.last() {
            None => chain(&matrices, |it| it == PIXELS, |it| it == DIGITS),
            Some(last) => chain(
                &matrices,
                |it| it.is_multiple_of(last.outputs),
                |it| it == DIGITS,
            ),
        };
        match second {
            Chain::One(dense) => {
                layers.extend(dense);
                return Ok((layout, layers));
            }
            Chain::None => continue,
            Chain::Several => return Err(InferError::Order(listed())),
        }
    }
    Err(InferError::Chain(listed()))
}

/// In how many schedule layers can follow one another.
enum Chain {
    None,
    One(Vec<Layer>),
    Several,
}

/// How many beginnings of chains are looked at. Enough for any network whose layers are named in
/// another order than they follow one another; a file that needs more was made to need more.
const MOST_TRIALS: usize = 10_000;

/// The order in which all of these layers follow one another: that of the list if it will do,
/// else the only one.
fn chain(layers: &[Layer], begins: impl Fn(usize) -> bool, ends: impl Fn(usize) -> bool) -> Chain {
    let follow = |layers: &[Layer]| {
        layers.first().is_none_or(|it| begins(it.inputs))
            && layers.windows(2).all(|it| it[0].outputs == it[1].inputs)
            && layers.last().is_none_or(|it| ends(it.outputs))
    };
    if follow(layers) {
        return Chain::One(layers.to_vec());
    }
    let mut found: Option<Vec<Layer>> = None;
    let mut trials = 0;
    // Beginnings of chains that are still to be continued, the latest first.
    let mut open: Vec<Vec<Layer>> = vec![Vec::new()];
    while let Some(beginning) = open.pop() {
        trials += 1;
        if trials > MOST_TRIALS {
            return Chain::Several;
        }
        if beginning.len() == layers.len() {
            if follow(&beginning) && found.replace(beginning).is_some() {
                return Chain::Several;
            }
            continue;
        }
        for it in layers {
            let fits = match beginning.last() {
                Some(last) => last.outputs == it.inputs,
                None => begins(it.inputs),
            };
            if fits && !beginning.contains(it) {
                open.push([&beginning[..], &[*it]].concat());
            }
        }
    }
    found.map_or(Chain::None, Chain::One)
}
