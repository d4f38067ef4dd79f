//! From plain numbers to a network on a device, and back.

use burn::module::Param;
use burn::tensor::{Device, ExecutionError, Tensor, TensorData};

use super::network::{Layer, Network, Weight};
use crate::network::Parameters;
use crate::network::parameters;

impl Network {
    /// A network with these parameters, on a device.
    pub fn of(parameters: &Parameters, device: &Device) -> Self {
        let mut network = Self::new(parameters.architecture.clone(), device);
        for (index, source) in parameters.layers.iter().enumerate() {
            let weights = || TensorData::new(source.weight.clone(), source.shape.clone());
            let Layer { weight, bias } = network.layer(index);
            match weight {
                Weight::Kernel(it) => *it = Param::from_data(weights(), device),
                Weight::Dense(it) => *it = Param::from_data(weights(), device),
            }
            let biases = TensorData::new(source.bias.clone(), [source.bias.len()]);
            *bias = Param::from_data(biases, device);
        }
        network
    }

    /// Its parameters, fetched from the device.
    ///
    /// # Errors
    ///
    /// When the device can no longer be read.
    pub async fn parameters(&self) -> Result<Parameters, ExecutionError> {
        let mut network = self.clone();
        let mut layers = Vec::new();
        for index in 0..self.architecture().hidden().len() + 1 {
            let Layer { weight, bias } = network.layer(index);
            let (weight, shape) = match weight {
                Weight::Kernel(it) => values(it.val()).await?,
                Weight::Dense(it) => values(it.val()).await?,
            };
            layers.push(parameters::Layer {
                weight,
                shape,
                bias: values(bias.val()).await?.0,
            });
        }
        Ok(Parameters {
            architecture: self.architecture().clone(),
            layers: layers.into(),
        })
    }
}

async fn values<const D: usize>(
    tensor: Tensor<D>,
) -> Result<(Vec<f32>, Vec<usize>), ExecutionError> {
    let shape = tensor.dims().to_vec();
    let data = tensor.into_data_async().await?;
    Ok((data.try_into_vec().expect("parameters are f32"), shape))
}
