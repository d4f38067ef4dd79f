//! The networks that ship with the page, in `www/weights/`.

use super::Architecture;

/// A network that ships with the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Model {
    /// The lab's MLP.
    Mlp,
    /// The lab's LeNet-5.
    LeNet5,
    /// The control of the robust network: trained as that one was, but not attacked.
    Control,
    /// The same LeNet-5, trained on adversarial images: see [`crate::training`].
    Robust,
}

impl Model {
    /// All of them, in the order in which the page lists them.
    pub const ALL: [Self; 4] = [Self::Mlp, Self::LeNet5, Self::Control, Self::Robust];

    /// Its name in files, commands and URLs: `mlp`, `lenet5`, `control` or `robust`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mlp => "mlp",
            Self::LeNet5 => "lenet5",
            Self::Control => "control",
            Self::Robust => "robust",
        }
    }

    /// Its architecture.
    pub fn architecture(self) -> Architecture {
        match self {
            Self::Mlp => Architecture::mlp(),
            Self::LeNet5 | Self::Control | Self::Robust => Architecture::lenet5(),
        }
    }

    /// The fraction of hidden activations that training drops, against overfitting.
    pub fn dropout(self) -> f64 {
        match self {
            Self::Mlp => 0.1,
            Self::LeNet5 | Self::Control | Self::Robust => 0.0,
        }
    }

    /// What it is, in words, for the model card.
    pub fn description(self) -> String {
        let layers = self.architecture().description();
        match self {
            Self::Mlp => format!(
                "multi-layer perceptron {layers}, dropout {}",
                self.dropout()
            ),
            Self::LeNet5 | Self::Control | Self::Robust => format!("LeNet-5: {layers}"),
        }
    }
}
