//! The backend of this build: the only file that names one, but for `fused/launch.rs`, which launches a
//! kernel on it.
//!
//! Feature `webgpu`: Burn on wgpu, which is WebGPU in a browser and Vulkan, Metal or DirectX
//! elsewhere. Feature `cpu`: Burn on Flex, with SIMD. With both, [`connect`] gives the first and
//! `cpu` the second.

use burn::tensor::{Device, Tensor, TensorData};

/// The name of the backend that [`connect`] gives: `webgpu` or `cpu`.
pub const BACKEND: &str = if cfg!(feature = "webgpu") {
    "webgpu"
} else {
    "cpu"
};

#[cfg(not(any(feature = "cpu", feature = "webgpu")))]
compile_error!("Burn needs a backend: feature `webgpu` (the default) or `cpu`");

/// Why there is no device.
#[derive(Debug, thiserror::Error)]
#[error("The GPU could not be used: {0}")]
pub struct DeviceError(String);

/// Connects to the device of this build. There is one for a process, or for an instance of the wasm
/// module: clone it.
///
/// # Errors
///
/// When there is no GPU adapter, or it refuses a device. The CPU is always there.
///
/// # Panics
///
/// In a browser, when the adapter lacks the feature `timestamp-query`: cubecl insists on it. Ask
/// JavaScript first.
pub async fn connect() -> Result<Device, DeviceError> {
    #[cfg(target_arch = "wasm32")]
    constructors::run();
    #[cfg(feature = "webgpu")]
    return gpu::open().await;
    #[cfg(not(feature = "webgpu"))]
    Ok(cpu())
}

/// The CPU, on Burn's Flex backend.
#[cfg(feature = "cpu")]
pub fn cpu() -> Device {
    Device::flex()
}

/// Whether tensors of this device lie in the memory of this process.
#[cfg(feature = "cpu")]
pub fn is_cpu(device: &Device) -> bool {
    cfg!(not(feature = "webgpu")) || *device == cpu()
}

/// Whether the GPU is a software adapter, which computes on the CPU.
#[cfg(feature = "webgpu")]
pub fn software() -> bool {
    gpu::software()
}

/// Why the GPU was lost, once it was. Nothing on that device can be trusted from then on.
pub fn lost() -> Option<&'static str> {
    #[cfg(feature = "webgpu")]
    return gpu::lost();
    #[cfg(not(feature = "webgpu"))]
    None
}

/// Brings numbers to a device, `[n]`.
pub(crate) fn upload(values: Vec<f32>, device: &Device) -> Tensor<1> {
    let length = values.len();
    Tensor::from_data(TensorData::new(values, [length]), device)
}

#[cfg(feature = "webgpu")]
mod gpu {
    use std::sync::OnceLock;

    use burn::tensor::Device;
    use burn_wgpu::WgpuSetup;
    use burn_wgpu::wgpu::DeviceType;

    use super::DeviceError;

    static LOST: OnceLock<String> = OnceLock::new();
    static SIMULATED: OnceLock<bool> = OnceLock::new();

    pub async fn open() -> Result<Device, DeviceError> {
        let (device, setup) = Device::wgpu_options()
            .init_with_setup_async()
            .await
            .map_err(|error| DeviceError(error.to_string()))?;
        watch(&setup);
        let info = setup.adapter.get_info();
        SIMULATED.get_or_init(|| info.device_type == DeviceType::Cpu);
        Ok(device)
    }

    pub fn software() -> bool {
        SIMULATED.get().copied().unwrap_or(false)
    }

    /// Leaves word in `LOST` if the GPU is lost.
    fn watch(setup: &WgpuSetup) {
        setup.device.set_device_lost_callback(|reason, message| {
            LOST.get_or_init(|| format!("{reason:?}: {message}"));
        });
    }

    pub fn lost() -> Option<&'static str> {
        LOST.get().map(String::as_str)
    }
}

/// The functions that crates registered to run before `main`: cubecl keeps its list of operations
/// that way. Natively the loader calls them.
#[cfg(target_arch = "wasm32")]
mod constructors {
    use std::sync::Once;

    unsafe extern "C" {
        /// Made by `wasm-ld`: calls them all.
        fn __wasm_call_ctors();
    }

    /// Runs them, the first time it is called.
    ///
    /// That this module calls them by itself also tells the linker that it is not a command. It
    /// would otherwise wrap every export so that they run again on each call from JavaScript,
    /// which was measured to cost 300 ms a step.
    pub fn run() {
        static ONCE: Once = Once::new();
        // SAFETY: it takes nothing and returns nothing, must run at most once, and what it
        // prepares is not used before `connect` has a device.
        ONCE.call_once(|| unsafe { __wasm_call_ctors() });
    }
}
