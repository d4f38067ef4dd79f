//! The padding and pooling of convolutions, inferred from how many inputs the dense layers have.

use super::order::Layer;
use super::{InferError, at_most};
use crate::import::NamedTensor;
use crate::network::limits::MAX_MULTIPLICATIONS;
use crate::network::{Architecture, Convolution, Pooling, PoolingKind};

/// The ways to pad and pool these convolutions that give as many numbers as the first dense layer takes.
pub(super) fn candidates(
    tensors: &[NamedTensor],
    convolutions: &[&Layer],
    dense: &[&Layer],
) -> Result<Vec<Vec<Convolution>>, InferError> {
    let first = dense.first().ok_or(InferError::NoDense)?;
    let mut found: Vec<Architecture> = Vec::new();
    for pooling in poolings(convolutions.len()) {
        for padded in paddings(convolutions) {
            let candidate: Vec<_> = (convolutions.iter().zip(&padded).zip(&pooling))
                .map(|((layer, &padded), &size)| Convolution {
                    channels: layer.outputs,
                    kernel: layer.kernel.expect("it is a convolution"),
                    padded,
                    pooling: size.map(|size| Pooling {
                        kind: PoolingKind::default(),
                        size,
                    }),
                })
                .collect();
            let architecture = Architecture {
                convolutions: candidate,
                dense: dense.iter().map(|it| it.outputs).collect(),
                ..Architecture::mlp()
            };
            if architecture.features() == Some(first.inputs) && !found.contains(&architecture) {
                found.push(architecture);
            }
        }
    }
    if found.is_empty() {
        return Err(InferError::Geometry {
            name: tensors[first.index].name.clone(),
            inputs: first.inputs,
        });
    }
    let fewest = (found.iter().map(Architecture::multiplications).min()).unwrap_or_default();
    at_most(MAX_MULTIPLICATIONS, "multiplications for an image", fewest)?;
    found.retain(|it| it.multiplications() <= MAX_MULTIPLICATIONS);
    Ok(found.into_iter().map(|it| it.convolutions).collect())
}

/// The sizes of pooling to try for `count` convolutions: all by 2, then fewer by 2 down to none, then all by 3.
fn poolings(count: usize) -> Vec<Vec<Option<usize>>> {
    // Only the first six can be pooled by 2: more would leave nothing of 28 pixels.
    let free = count.min(6);
    let mut sizes: Vec<Vec<Option<usize>>> = (0..1u32 << free)
        .map(|pattern| {
            let pooled = |index: usize| index < free && pattern & (1 << index) != 0;
            (0..count).map(|index| pooled(index).then_some(2)).collect()
        })
        .collect();
    sizes.sort_by_key(|it| it.iter().filter(|it| it.is_none()).count());
    sizes.push(vec![Some(3); count]);
    sizes
}

/// Which convolutions to try padded: none, all, or the first alone.
fn paddings(convolutions: &[&Layer]) -> Vec<Vec<bool>> {
    let odd = |it: &&Layer| it.kernel.is_some_and(|it| it.iter().all(|it| it % 2 == 1));
    let count = convolutions.len();
    let mut options = vec![vec![false; count]];
    if convolutions.iter().all(odd) {
        options.push(vec![true; count]);
    }
    if convolutions.first().is_some_and(odd) {
        options.push((0..count).map(|index| index == 0).collect());
    }
    options
}
