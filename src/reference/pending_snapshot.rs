//! A snapshot on its way from the device.

use burn::tensor::{ExecutionError, Tensor};

use crate::task::Snapshot;

/// A snapshot of a run that still lies on the device, as one tensor.
pub struct PendingSnapshot {
    packed: Tensor<1>,
    rows: usize,
    parameters: usize,
    iteration: usize,
}

impl PendingSnapshot {
    /// A snapshot whose numbers are `packed` as in [`Snapshot::values`].
    pub(crate) fn new(packed: Tensor<1>, rows: usize, parameters: usize, iteration: usize) -> Self {
        Self {
            packed,
            rows,
            parameters,
            iteration,
        }
    }

    /// The same snapshot, with the traces of earlier iterations before its own.
    pub(crate) fn after(mut self, earlier: Vec<Tensor<1>>) -> Self {
        if !earlier.is_empty() {
            let [length] = self.packed.dims();
            let begin = self.trace_begins();
            let mut parts = vec![self.packed.clone().narrow(0, 0, begin)];
            parts.extend(earlier);
            if length > begin {
                parts.push(self.packed.narrow(0, begin, length - begin));
            }
            self.packed = Tensor::cat(parts, 0);
        }
        self
    }

    /// Its trace, if it has one.
    pub(crate) fn trace(&self) -> Option<Tensor<1>> {
        let [length] = self.packed.dims();
        let begin = self.trace_begins();
        (length > begin).then(|| self.packed.clone().narrow(0, begin, length - begin))
    }

    /// All its numbers.
    pub(crate) fn into_packed(self) -> Tensor<1> {
        self.packed
    }

    fn trace_begins(&self) -> usize {
        Snapshot::length(self.rows, self.parameters, 0)
    }

    /// Fetches the snapshot from the device: the only wait for it in a displayed frame.
    ///
    /// # Errors
    ///
    /// When the device can no longer be read, for example because it was lost.
    pub async fn read(self) -> Result<Snapshot, ExecutionError> {
        let data = self.packed.into_data_async().await?;
        let values = data.try_into_vec::<f32>().expect("the tensor holds f32");
        Ok(Snapshot::new(
            values,
            self.rows,
            self.parameters,
            self.iteration,
        ))
    }
}
