//! Pixels → colors.

use actmax::colormap::viridis;

crate::tests! {
    async fn the_ends_and_the_middle_are_matplotlibs() {
        // matplotlib.colormaps["viridis"]([0.0, 0.5, 1.0], bytes=True)
        assert_eq!(
            viridis(&[-1.0, 1.0, 3.0], -1.0, 3.0),
            [68, 1, 84, 255, 33, 145, 140, 255, 253, 231, 37, 255]
        );
    }

    async fn what_lies_outside_gets_the_nearer_end() {
        let ends = viridis(&[0.0, 1.0], 0.0, 1.0);
        assert_eq!(viridis(&[-9.0, f32::INFINITY], 0.0, 1.0), ends);
    }

    async fn a_flat_image_is_dark_and_nan_is_transparent() {
        assert_eq!(viridis(&[5.0, f32::NAN], 5.0, 5.0), [68, 1, 84, 255, 0, 0, 0, 0]);
    }
}
