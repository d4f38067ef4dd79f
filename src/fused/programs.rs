//! The kernels of a batch, and what lies beside their constants.

use super::wgsl::Buffer;

/// Kernels that blur the gradient and that do not, each made when it is first needed.
pub struct Programs<P> {
    plain: Option<P>,
    blurring: Option<P>,
}

impl<P> Default for Programs<P> {
    fn default() -> Self {
        Self {
            plain: None,
            blurring: None,
        }
    }
}

impl<P: Clone> Programs<P> {
    /// The one that blurs, or that does not.
    pub fn get(&mut self, blurs: bool, make: impl FnOnce() -> P) -> P {
        let known = match blurs {
            true => &mut self.blurring,
            false => &mut self.plain,
        };
        known.get_or_insert_with(make).clone()
    }
}

/// What a launch is given, as a device has it.
pub struct Given<'a, T> {
    pub constants: &'a T,
    pub components: Option<&'a T>,
    pub before: &'a T,
    pub orders: &'a T,
    pub start: &'a T,
    pub frame: &'a T,
    pub workspace: Option<&'a T>,
}

impl<'a, T> Given<'a, T> {
    /// What belongs there.
    pub fn at(&self, buffer: Buffer) -> &'a T {
        match buffer {
            Buffer::Matrices | Buffer::Weights => self.constants,
            Buffer::Components => self.components.expect("images are made of them"),
            Buffer::Before => self.before,
            Buffer::Orders => self.orders,
            Buffer::Start => self.start,
            Buffer::Frame => self.frame,
            Buffer::Workspace => self.workspace.expect("made with the program"),
        }
    }
}
