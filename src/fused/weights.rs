//! A network's weights, as the devices read them.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

#[cfg(feature = "cpu")]
use super::cpu;
use crate::network::Parameters;
use crate::task::Pca;

/// A network, ready for fused iterations. What a device reads is made when it is first needed, once for all
/// runs, whatever their objectives and parameterizations are. Clones share it.
#[derive(Clone)]
pub struct Weights(Arc<Shared>);

/// See [`Weights`].
pub(super) struct Shared {
    pub(super) parameters: Parameters,
    /// On the CPU.
    #[cfg(feature = "cpu")]
    pub(super) layers: OnceLock<cpu::Layers>,
    #[cfg(feature = "cpu")]
    pub(super) components: Components<cpu::Pca>,
    /// On the GPU: the constants.
    #[cfg(feature = "webgpu")]
    pub(super) uploaded: OnceLock<burn::tensor::Tensor<1>>,
    #[cfg(feature = "webgpu")]
    pub(super) uploaded_components: Components<burn::tensor::Tensor<1>>,
}

impl Weights {
    /// Of these parameters.
    pub fn of(parameters: &Parameters) -> Self {
        Self(Arc::new(Shared {
            parameters: parameters.clone(),
            #[cfg(feature = "cpu")]
            layers: OnceLock::new(),
            #[cfg(feature = "cpu")]
            components: Components::default(),
            #[cfg(feature = "webgpu")]
            uploaded: OnceLock::new(),
            #[cfg(feature = "webgpu")]
            uploaded_components: Components::default(),
        }))
    }

    /// The parameters that the weights were made from.
    pub fn parameters(&self) -> &Parameters {
        &self.0.parameters
    }

    pub(super) fn shared(&self) -> &Shared {
        &self.0
    }
}

/// The principal components as a device reads them: those that were used last.
pub(super) struct Components<T>(Mutex<Option<(Arc<Pca>, T)>>);

impl<T> Default for Components<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T: Clone> Components<T> {
    /// The components of `pca`, which `make` makes unless they were the last ones used.
    pub(super) fn get(&self, pca: &Arc<Pca>, make: impl FnOnce() -> T) -> T {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match &*known {
            Some((of, made)) if Arc::ptr_eq(of, pca) => made.clone(),
            _ => {
                let made = make();
                *known = Some((pca.clone(), made.clone()));
                made
            }
        }
    }
}
