//! How convolutions are padded and pooled, as far as the dense layers behind them tell.

use super::order::Layer;
use super::{InferError, MAX_PRODUCTS, at_most};
use crate::import::tensor::NamedTensor;
use crate::network::architecture::{Architecture, Convolution, Pooling, PoolingKind};

/// The ways to pad and pool these convolutions that give the dense layers what they take.
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
                    filters: layer.outputs,
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
    let fewest = (found.iter().map(Architecture::products).min()).unwrap_or_default();
    at_most(MAX_PRODUCTS, "multiplications for an image", fewest)?;
    found.retain(|it| it.products() <= MAX_PRODUCTS);
    Ok(found.into_iter().map(|it| it.convolutions).collect())
}

/// What each of `count` convolutions is pooled by: all by 2, then only some of them, then all by 3.
fn poolings(count: usize) -> Vec<Vec<Option<usize>>> {
    // More would be too many ways, and leave nothing of 28 pixels.
    let free = count.min(6);
    let mut some: Vec<Vec<Option<usize>>> = (0..1u32 << free)
        .map(|pattern| {
            let pooled = |index: usize| index < free && pattern & (1 << index) != 0;
            (0..count).map(|index| pooled(index).then_some(2)).collect()
        })
        .collect();
    some.sort_by_key(|it| it.iter().filter(|it| it.is_none()).count());
    some.push(vec![Some(3); count]);
    some
}

/// Which convolutions are padded: none, all, the first.
fn paddings(convolutions: &[&Layer]) -> Vec<Vec<bool>> {
    let odd = |it: &&Layer| it.kernel.is_some_and(|it| it.iter().all(|it| it % 2 == 1));
    let count = convolutions.len();
    let mut ways = vec![vec![false; count]];
    if convolutions.iter().all(odd) {
        ways.push(vec![true; count]);
    }
    if convolutions.first().is_some_and(odd) {
        ways.push((0..count).map(|index| index == 0).collect());
    }
    ways
}
