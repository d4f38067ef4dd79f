//! The transform of an iteration: from the image to the transformed image, and from the gradient for the
//! transformed image to the gradient for the image. See [`crate::reference::transforms`].

use super::square::Square;
use crate::network::SIDE;
use crate::task::Transform;

/// How the pixels of a transformed image are computed from those of the image.
pub enum Sampling {
    /// The image moves by whole pixels, to the right and down.
    Jitter([i32; 2]),
    /// Each pixel is a weighted sum of up to four neighbors: rotation, scale and jitter in one.
    Bilinear(Box<Bilinear>),
}

/// For each pixel of the transformed image, the four pixels of the image that it lies between.
pub struct Bilinear([[[Neighbor; 4]; SIDE]; SIDE]);

/// A pixel of the image, and its weight. A neighbor outside of the image is any pixel, with a weight of
/// zero: the sums then need no branch.
#[derive(Clone, Copy, Default)]
struct Neighbor {
    row: usize,
    column: usize,
    weight: f32,
}

impl Sampling {
    /// The image as it is.
    pub const NONE: Self = Self::Jitter([0, 0]);

    pub fn of(transform: &Transform) -> Self {
        match transform.only_jitters() {
            true => Self::Jitter(transform.jitter.map(|pixels| pixels as i32)),
            false => Self::Bilinear(Box::new(Bilinear::of(transform))),
        }
    }

    /// Whether the sampling leaves images as they are.
    pub fn is_none(&self) -> bool {
        matches!(self, Self::Jitter([0, 0]))
    }

    /// The transformed image. What comes in from outside of the image is zero.
    pub fn apply(&self, image: &Square) -> Square {
        match self {
            Self::Jitter([0, 0]) => *image,
            Self::Jitter(jitter) => moved(image, *jitter),
            Self::Bilinear(it) => it.gather(image),
        }
    }

    /// The gradient for the image, from that for the transformed image: the gradient of each pixel goes to
    /// the pixels that it was computed from.
    pub fn backward(&self, gradient: &Square) -> Square {
        match self {
            Self::Jitter([0, 0]) => *gradient,
            Self::Jitter(jitter) => moved(gradient, jitter.map(|it| -it)),
            Self::Bilinear(it) => it.scatter(gradient),
        }
    }
}

impl Bilinear {
    fn of(transform: &Transform) -> Self {
        let source = transform.source();
        let mut neighbors = [[[Neighbor::default(); 4]; SIDE]; SIDE];
        for (row, line) in neighbors.iter_mut().enumerate() {
            for (column, neighbors) in line.iter_mut().enumerate() {
                let [x, y] = source.of([column as f64, row as f64]).map(around);
                for (index, neighbor) in neighbors.iter_mut().enumerate() {
                    let ((row, down), (column, right)) = (y[index / 2], x[index % 2]);
                    *neighbor = Neighbor {
                        row,
                        column,
                        weight: (down * right) as f32,
                    };
                }
            }
        }
        Self(neighbors)
    }

    fn gather(&self, image: &Square) -> Square {
        self.0.map(|line| {
            line.map(|neighbors| {
                let value = |it: Neighbor| it.weight * image[it.row][it.column];
                neighbors.map(value).iter().sum()
            })
        })
    }

    fn scatter(&self, gradient: &Square) -> Square {
        let mut image = [[0.0; SIDE]; SIDE];
        let all = self.0.as_flattened().iter().zip(gradient.as_flattened());
        for (neighbors, gradient) in all {
            for it in neighbors {
                image[it.row][it.column] += it.weight * gradient;
            }
        }
        image
    }
}

/// The two rows, or columns, around a coordinate, with their weights. Those outside of the image have
/// a weight of zero.
fn around(coordinate: f64) -> [(usize, f64); 2] {
    let first = libm::floor(coordinate);
    let part = coordinate - first;
    [(first, 1.0 - part), (first + 1.0, part)].map(|(at, weight)| {
        match (0.0..SIDE as f64).contains(&at) {
            true => (at as usize, weight),
            false => (0, 0.0),
        }
    })
}

/// An image that is moved by whole pixels, to the right and down, with zeros around it.
fn moved(image: &Square, [right, down]: [i32; 2]) -> Square {
    // One row between two rows of zeros: any 28 numbers side by side are the row, moved by some pixels.
    let mut line = [[0.0; SIDE]; 3];
    let start = (SIDE as i32 - right).clamp(0, 2 * SIDE as i32) as usize;
    let mut moved = [[0.0; SIDE]; SIDE];
    for (row, to) in moved.iter_mut().enumerate() {
        let from = usize::try_from(row as i32 - down).ok();
        if let Some(from) = from.and_then(|from| image.get(from)) {
            line[1] = *from;
            *to = line.as_flattened()[start..].as_chunks().0[0];
        }
    }
    moved
}
