//! The kernel of [`super::wgsl`], launched on wgpu itself.

use std::ops::Range;
use std::sync::{Arc, Mutex};

use futures_channel::oneshot;
use wgpu::BufferUsages;

use super::iterate::{Iterate, Unreadable};
use super::orders::Orders;
use super::plan::Plan;
use super::programs::{Given, Programs};
use super::wgsl::{self, Buffer, Division, Kernel, numbers};
use crate::frame::Frame;
use crate::webgpu::{WebGpu, bytes, lock};
use crate::work::LONGEST_LAUNCH;

/// Iterations on the GPU, for one batch of rows.
pub struct Gpu {
    on: WebGpu,
    plan: Arc<Plan>,
    division: Division,
    constants: wgpu::Buffer,
    components: Option<wgpu::Buffer>,
    /// See [`Buffer::Start`].
    start: wgpu::Buffer,
    orders: wgpu::Buffer,
    programs: Programs<Program>,
    /// Commands that the GPU has not been given yet.
    pending: Option<wgpu::CommandEncoder>,
    /// Room for frames, also for those that somebody still has.
    frames: Vec<Arc<wgpu::Buffer>>,
    /// Room for what is read, but for that which is being read.
    readings: Arc<Mutex<Vec<wgpu::Buffer>>>,
}

/// A kernel, compiled.
#[derive(Clone)]
struct Program {
    pipeline: wgpu::ComputePipeline,
    layout: wgpu::BindGroupLayout,
    buffers: Vec<Buffer>,
    workspace: Option<wgpu::Buffer>,
}

impl Gpu {
    /// Iterations of `plan`, with its constants and the components that images are made of, if they
    /// are, which lie on the GPU, and with [`numbers::start`].
    pub fn new(
        on: &WebGpu,
        plan: Arc<Plan>,
        division: Division,
        constants: wgpu::Buffer,
        components: Option<wgpu::Buffer>,
        start: &[f32],
    ) -> Self {
        Self {
            division,
            start: on.upload(start),
            orders: on.room(1, ORDERS),
            on: on.clone(),
            plan,
            constants,
            components,
            programs: Programs::default(),
            pending: None,
            frames: Vec::new(),
            readings: Arc::default(),
        }
    }

    /// Room for a frame of so many numbers, that nobody has.
    fn frame(&mut self, length: usize) -> Arc<wgpu::Buffer> {
        let free = (self.frames.iter()).position(|it| Arc::strong_count(it) == 1);
        if let Some(at) = free {
            if self.frames[at].size() >= bytes(length) {
                return self.frames[at].clone();
            }
            self.frames.swap_remove(at);
        }
        let usage = BufferUsages::STORAGE | BufferUsages::COPY_SRC;
        let frame = Arc::new(self.on.room(length, usage));
        self.frames.push(frame.clone());
        frame
    }

    /// Leaves the orders where the kernel reads them. What read those before has been given to the GPU.
    fn write(&mut self, orders: &Orders) {
        if let Some(pending) = self.pending.take() {
            self.on.queue.submit([pending.finish()]);
        }
        let numbers = numbers::orders(&self.plan, self.division.rows, orders);
        if self.orders.size() < bytes(numbers.len()) {
            self.orders = self.on.room(numbers.len().next_power_of_two(), ORDERS);
        }
        let numbers = bytemuck::cast_slice(&numbers);
        self.on.queue.write_buffer(&self.orders, 0, numbers);
    }

    fn commands(&mut self) -> wgpu::CommandEncoder {
        let fresh = || self.on.device.create_command_encoder(&Default::default());
        self.pending.take().unwrap_or_else(fresh)
    }
}

impl Program {
    fn new(kernel: Kernel, on: &WebGpu) -> Self {
        let pipeline = on.pipeline(&kernel.text);
        Self {
            layout: pipeline.get_bind_group_layout(0),
            pipeline,
            buffers: kernel.buffers,
            workspace: (kernel.workspace).map(|length| on.room(length, BufferUsages::STORAGE)),
        }
    }
}

/// What the buffer of orders is for.
const ORDERS: BufferUsages = BufferUsages::STORAGE.union(BufferUsages::COPY_DST);

impl Iterate for Gpu {
    type Values = Arc<wgpu::Buffer>;

    const LONGEST_LAUNCH: usize = LONGEST_LAUNCH;

    fn bring(&self, values: Vec<f32>) -> Self::Values {
        Arc::new(self.on.upload(&values))
    }

    fn run(&mut self, before: &Self::Values, orders: &Orders) -> Self::Values {
        let blurs = orders.blur.is_some();
        let program = (self.programs).get(blurs, || {
            let kernel = wgsl::kernel(&self.plan, self.division, blurs);
            Program::new(kernel, &self.on)
        });
        self.write(orders);
        let length = Frame::length(
            self.division.rows,
            self.plan.parameters(),
            orders.iterations.len(),
        );
        let frame = self.frame(length);
        let given = Given {
            constants: &self.constants,
            components: self.components.as_ref(),
            before: &**before,
            orders: &self.orders,
            start: &self.start,
            frame: &*frame,
            workspace: program.workspace.as_ref(),
        };
        let entries: Vec<_> = (program.buffers.iter().zip(0..))
            .map(|(buffer, binding)| wgpu::BindGroupEntry {
                binding,
                resource: given.at(*buffer).as_entire_binding(),
            })
            .collect();
        let group = (self.on.device).create_bind_group(&wgpu::BindGroupDescriptor {
            label: None,
            layout: &program.layout,
            entries: &entries,
        });
        let mut commands = self.commands();
        let mut pass = commands.begin_compute_pass(&Default::default());
        pass.set_pipeline(&program.pipeline);
        pass.set_bind_group(0, &group, &[]);
        pass.dispatch_workgroups(self.division.groups() as u32, 1, 1);
        drop(pass);
        self.pending = Some(commands);
        frame
    }

    fn read(
        &mut self,
        parts: &[(Self::Values, Range<usize>)],
    ) -> impl Future<Output = Result<Vec<f32>, Unreadable>> + use<> {
        let length = parts.iter().map(|(_, range)| range.len()).sum();
        let size = bytes(length);
        let kept = lock(&self.readings).pop();
        let usage = BufferUsages::MAP_READ | BufferUsages::COPY_DST;
        let reading =
            (kept.filter(|it| it.size() >= size)).unwrap_or_else(|| self.on.room(length, usage));
        let mut commands = self.commands();
        let mut to = 0;
        for (values, range) in parts {
            let size = bytes(range.len());
            commands.copy_buffer_to_buffer(values, bytes(range.start), &reading, to, size);
            to += size;
        }
        self.on.queue.submit([commands.finish()]);
        let (done, word) = oneshot::channel();
        reading.map_async(wgpu::MapMode::Read, ..size, move |mapped| {
            // Whoever asked may not wait any more.
            let _ = done.send(mapped);
        });
        // In a browser, this comes by itself.
        #[cfg(not(target_arch = "wasm32"))]
        let _ = self.on.device.poll(wgpu::PollType::wait_indefinitely());
        let readings = self.readings.clone();
        async move {
            let unreadable = |error: &dyn std::error::Error| Unreadable(error.to_string());
            let mapped = word.await.map_err(|error| unreadable(&error))?;
            mapped.map_err(|error| unreadable(&error))?;
            let view = reading.get_mapped_range(..size);
            let view = view.map_err(|error| unreadable(&error))?;
            let values = bytemuck::pod_collect_to_vec(&view);
            drop(view);
            reading.unmap();
            lock(&readings).push(reading);
            Ok(values)
        }
    }
}
