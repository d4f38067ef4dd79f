//! Pixels → colors.

use actmax::colormap::ColorMap::{self, Diverging, Viridis};

/// Red, green and blue of each pixel.
fn colors(map: ColorMap, pixels: &[f32], low: f32, high: f32) -> Vec<[u8; 3]> {
    let painted = map.paint(pixels, low, high);
    (painted.chunks(4))
        .map(|it| [it[0], it[1], it[2]])
        .collect()
}

const VIOLET: [u8; 3] = [68, 1, 84];
const GRAY: [u8; 3] = [140; 3];
const YELLOW: [u8; 3] = [253, 231, 37];

crate::tests! {
    async fn the_ends_and_the_middle_are_matplotlibs() {
        // matplotlib.colormaps["viridis"]([0.0, 0.5, 1.0], bytes=True)
        assert_eq!(
            Viridis.paint(&[-1.0, 1.0, 3.0], -1.0, 3.0),
            [68, 1, 84, 255, 33, 145, 140, 255, 253, 231, 37, 255]
        );
    }

    async fn nothing_is_gray_less_is_violet_and_more_is_yellow() {
        let found = colors(Diverging, &[0.0, -2.0, 2.0, -1.0, 1.0], -2.0, 2.0);
        assert_eq!(found, [GRAY, VIOLET, YELLOW, [104, 70, 112], [197, 186, 88]]);
        // Whatever the scale, zero in its middle is gray and nothing else.
        for most in [1e-30, 0.013, 0.7, 1.0, 3e8] {
            assert_eq!(colors(Diverging, &[0.0, -0.0, -most, most], -most, most), [GRAY, GRAY, VIOLET, YELLOW]);
        }
    }

    async fn faint_noise_looks_faint_on_a_fixed_scale() {
        let found = colors(Diverging, &[-0.03, -0.01, 0.01, 0.03], -1.0, 1.0);
        for color in found {
            let off = (0..3).map(|at| color[at].abs_diff(GRAY[at])).max();
            assert!(off <= Some(4), "{color:?}");
        }
    }

    async fn lightness_rises_from_one_end_to_the_other() {
        let pixels: Vec<_> = (-127..=127).map(|it| it as f32 / 127.5).collect();
        let lightness: Vec<_> = (colors(Diverging, &pixels, -1.0, 1.0).iter())
            .map(|color| color.map(u32::from))
            .map(|[red, green, blue]| 2126 * red + 7152 * green + 722 * blue)
            .collect();
        // Over three steps: each channel is rounded by itself.
        assert!(lightness.windows(4).all(|it| it[0] < it[3]), "{lightness:?}");
    }

    async fn the_diverging_colors_and_a_transparent_one_fit_a_gif() {
        let pixels: Vec<_> = (0..10_000).map(|it| it as f32 / 5_000.0 - 1.0).collect();
        let mut found = colors(Diverging, &pixels, -1.0, 1.0);
        found.sort();
        found.dedup();
        assert_eq!(found.len(), 255);
    }

    async fn what_lies_outside_gets_the_nearer_end() {
        for map in [Viridis, Diverging] {
            let ends = map.paint(&[0.0, 1.0], 0.0, 1.0);
            assert_eq!(map.paint(&[-9.0, f32::INFINITY], 0.0, 1.0), ends);
        }
    }

    async fn a_flat_image_is_what_stands_for_nothing_and_nan_is_transparent() {
        assert_eq!(Viridis.paint(&[5.0, f32::NAN], 5.0, 5.0), [68, 1, 84, 255, 0, 0, 0, 0]);
        assert_eq!(Diverging.paint(&[5.0, f32::NAN], 0.0, 0.0), [140, 140, 140, 255, 0, 0, 0, 0]);
    }

    async fn maps_have_names() {
        assert_eq!(["viridis", "diverging", "Viridis", ""].map(ColorMap::named), [Some(Viridis), Some(Diverging), None, None]);
    }
}
