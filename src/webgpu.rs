//! WebGPU without Burn, for modules that have none: wgpu itself, which is WebGPU in a browser and
//! Vulkan, Metal or DirectX elsewhere.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

/// Why there is no GPU.
#[derive(Debug, thiserror::Error)]
#[error("The GPU could not be used: {0}")]
pub struct ConnectError(String);

/// A GPU that is ready for kernels. Clone it: that is the same.
#[derive(Clone)]
pub struct WebGpu {
    pub(crate) device: wgpu::Device,
    pub(crate) queue: wgpu::Queue,
    simulated: bool,
    lost: Arc<OnceLock<String>>,
    /// By their text: networks of one shape, and runs of one size, share them.
    pipelines: Arc<Mutex<HashMap<String, wgpu::ComputePipeline>>>,
}

impl WebGpu {
    /// The fastest GPU.
    ///
    /// # Errors
    ///
    /// When there is no adapter, or it refuses a device.
    pub async fn connect() -> Result<Self, ConnectError> {
        let refused = |error: &dyn std::error::Error| ConnectError(error.to_string());
        let options = wgpu::RequestAdapterOptions {
            power_preference: wgpu::PowerPreference::HighPerformance,
            ..Default::default()
        };
        let instance = wgpu::Instance::new(wgpu::InstanceDescriptor::new_without_display_handle());
        let adapter = (instance.request_adapter(&options).await).map_err(|it| refused(&it))?;
        let (device, queue) = (adapter
            .request_device(&wgpu::DeviceDescriptor::default())
            .await)
            .map_err(|it| refused(&it))?;
        let lost = Arc::new(OnceLock::new());
        let word = lost.clone();
        device.set_device_lost_callback(move |reason, message| {
            word.get_or_init(|| format!("{reason:?}: {message}"));
        });
        // What a kernel that was refused leaves behind is not to be taken for images.
        device.on_uncaptured_error(Arc::new(|error| {
            panic!("WebGPU refused a command: {error}")
        }));
        Ok(Self {
            simulated: adapter.get_info().device_type == wgpu::DeviceType::Cpu,
            device,
            queue,
            lost,
            pipelines: Arc::default(),
        })
    }

    /// Whether it is simulated on the CPU.
    pub fn simulated(&self) -> bool {
        self.simulated
    }

    /// Why it was lost, once it was. Nothing of it can be trusted from then on.
    pub fn lost(&self) -> Option<&str> {
        self.lost.get().map(String::as_str)
    }

    /// The kernel of a text, compiled once.
    pub(crate) fn pipeline(&self, text: &str) -> wgpu::ComputePipeline {
        let mut known = lock(&self.pipelines);
        if let Some(pipeline) = known.get(text) {
            return pipeline.clone();
        }
        let source = wgpu::ShaderSource::Wgsl(text.into());
        let module = (self.device).create_shader_module(wgpu::ShaderModuleDescriptor {
            label: None,
            source,
        });
        let pipeline = (self.device).create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
            label: None,
            layout: None,
            module: &module,
            entry_point: None,
            compilation_options: Default::default(),
            cache: None,
        });
        known.insert(text.to_owned(), pipeline.clone());
        pipeline
    }

    /// Numbers, on the GPU, for kernels to read.
    pub(crate) fn upload(&self, values: &[f32]) -> wgpu::Buffer {
        let usage = wgpu::BufferUsages::STORAGE | wgpu::BufferUsages::COPY_DST;
        let buffer = self.room(values.len(), usage);
        self.queue
            .write_buffer(&buffer, 0, bytemuck::cast_slice(values));
        buffer
    }

    /// Room for so many numbers.
    pub(crate) fn room(&self, length: usize, usage: wgpu::BufferUsages) -> wgpu::Buffer {
        self.device.create_buffer(&wgpu::BufferDescriptor {
            label: None,
            size: bytes(length),
            usage,
            mapped_at_creation: false,
        })
    }
}

/// How many bytes so many numbers have.
pub(crate) fn bytes(length: usize) -> u64 {
    (length * size_of::<f32>()) as u64
}

/// What is kept is whole even where somebody panicked beside it.
pub(crate) fn lock<T>(it: &Mutex<T>) -> MutexGuard<'_, T> {
    it.lock().unwrap_or_else(PoisonError::into_inner)
}
