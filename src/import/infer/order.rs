//! The order of the layers in a network, found by matching outputs to inputs.

use super::{InferError, Layout};
use crate::import::NamedTensor;
use crate::network::{DIGITS, PIXELS};

/// The sizes of a layer: its weight's shape, read in a certain layout.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Layer {
    /// The index of the weight in the list of tensors.
    pub(super) index: usize,
    pub(super) inputs: usize,
    pub(super) outputs: usize,
    /// Height and width of a convolution's kernel; `None` for a dense layer.
    pub(super) kernel: Option<[usize; 2]>,
}

impl Layer {
    fn new(index: usize, shape: &[usize], layout: Layout) -> Self {
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

/// The layers in order, and their layout. Only one layout can lead from 784 inputs to 10 outputs: in
/// the other one, the same weights lead from 10 to 784.
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
            .map(|&index| Layer::new(index, &tensors[index].shape, layout))
            .partition(|it| it.kernel.is_some());
        let convolutions = chain(&kernels, |inputs| inputs == 1, |_| true);
        let mut layers = match convolutions {
            Chain::One(layers) => layers,
            Chain::None => continue,
            Chain::Several => return Err(InferError::Order(listed())),
        };
        let dense = match layers.last() {
            None => chain(&matrices, |it| it == PIXELS, |it| it == DIGITS),
            Some(last) => chain(
                &matrices,
                |it| it.is_multiple_of(last.outputs),
                |it| it == DIGITS,
            ),
        };
        match dense {
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

/// The orders in which layers can follow one another.
enum Chain {
    None,
    One(Vec<Layer>),
    Several,
}

/// How many partial orders are tried before the search gives up. Ordinary networks need far fewer, even
/// if their names sort in another order; only a file made for that purpose needs more.
const MAX_PARTIAL_ORDERS: usize = 10_000;

/// The order in which all these layers fit together, from inputs that `begins` accepts to outputs that
/// `ends` accepts: the order of the list if it fits, else the only one that does.
fn chain(layers: &[Layer], begins: impl Fn(usize) -> bool, ends: impl Fn(usize) -> bool) -> Chain {
    let fits_together = |layers: &[Layer]| {
        layers.first().is_none_or(|it| begins(it.inputs))
            && layers.windows(2).all(|it| it[0].outputs == it[1].inputs)
            && layers.last().is_none_or(|it| ends(it.outputs))
    };
    if fits_together(layers) {
        return Chain::One(layers.to_vec());
    }
    let mut found: Option<Vec<Layer>> = None;
    let mut tried = 0;
    // Partial orders that are still to be extended; the newest is taken first.
    let mut open: Vec<Vec<Layer>> = vec![Vec::new()];
    while let Some(partial) = open.pop() {
        tried += 1;
        if tried > MAX_PARTIAL_ORDERS {
            return Chain::Several;
        }
        if partial.len() == layers.len() {
            if fits_together(&partial) && found.replace(partial).is_some() {
                return Chain::Several;
            }
            continue;
        }
        for it in layers {
            let fits = match partial.last() {
                Some(last) => last.outputs == it.inputs,
                None => begins(it.inputs),
            };
            if fits && !partial.contains(it) {
                open.push([&partial[..], &[*it]].concat());
            }
        }
    }
    found.map_or(Chain::None, Chain::One)
}
