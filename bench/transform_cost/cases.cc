#include "transform_cost/cases.h"

#include <array>

namespace imageserver::bench {
namespace {

constexpr auto kCases = std::to_array<Case>({
    {"width 100", "/medium.jpg?width=100", thumbnail_100},
    {"width 500", "/medium.jpg?width=500", thumbnail_500},
    {"width 100 of 25 MP", "/huge.jpg?width=100", thumbnail_100},
    {"width 500 of 25 MP", "/huge.jpg?width=500", thumbnail_500},
    {"stretch", "/large.jpg?width=500&height=300", stretched},
    {"fit", "/large.jpg?width=500&height=300&mode=fit", fitted},
    {"fill", "/large.jpg?width=500&height=300&mode=fill", filled},
    {"fill, smart", "/large.jpg?width=500&height=300&mode=fill&gravity=smart", filled_smartly},
    {"pad", "/large.jpg?width=500&height=300&mode=pad", padded},
    {"inside", "/large.jpg?width=500&height=300&mode=inside", inside},
    {"cover", "/large.jpg?width=500&height=300&mode=cover", covering},
    {"enlarge", "/small.jpg?width=1000", enlarged},
    {"gamma_correction", "/medium.jpg?width=500&gamma_correction=true", in_linear_light},

    {"crop", "/medium.jpg?crop=201,151%7C601,451", cropped},
    {"crop and resize", "/medium.jpg?crop=200,150%7C800,600&width=300", cropped_and_resized},
    {"quarter turn", "/large.jpg?width=500&rotation=90", quarter_turned},
    {"flip h", "/large.jpg?width=500&flip=h", flipped_across},
    {"flip v", "/large.jpg?width=500&flip=v", flipped_down},
    {"EXIF orientation", "/orientation-6.jpg?width=100", thumbnail_100},
    {"rotation 30", "/medium.jpg?rotation=30&background=fff", rotated_on_white},
    {"rotation 30, width 500", "/medium.jpg?rotation=30&background=fff&width=500",
     rotated_and_resized_on_white},
    {"rotation 30, width 500, PNG", "/medium.jpg?rotation=30&width=500&format=png",
     rotated_transparent},
    {"rotation 30, width 1900", "/large.jpg?rotation=30&background=fff&width=1900",
     rotated_and_resized_a_little},
    {"rotation 30, width 500, linear light",
     "/large.jpg?rotation=30&background=fff&width=500&gamma_correction=true",
     rotated_and_resized_in_linear_light},
    {"trim", "/alpha.png?trim=10", trimmed},

    {"blur", "/large.jpg?width=500&blur=3", blurred},
    {"sharpen", "/large.jpg?width=500&sharpen=1", sharpened},
    {"pixelate", "/large.jpg?width=500&pixelate=10", pixelated},
    {"grayscale", "/large.jpg?width=500&grayscale=1", grey},
    {"contrast and saturation", "/large.jpg?width=500&contrast=20&saturation=20", toned},
    {"tint", "/large.jpg?width=500&tint=a63", tinted},
    {"watermark", "/large.jpg?width=500&watermark=logo.png&watermark_gravity=southeast",
     watermarked},
    {"radius, PNG", "/large.jpg?width=500&radius=40&format=png", rounded},

    {"alpha, PNG", "/alpha.png?width=160", alpha_resized},
    {"alpha on white", "/alpha.png?width=160&format=jpeg", alpha_on_white},
    {"PNG", "/medium.jpg?width=500&format=png", as_png},
    {"PNG, colors 16", "/medium.jpg?width=500&format=png&colors=16", with_16_colours},
    {"WebP", "/medium.jpg?width=500&format=webp", as_webp},
    {"AVIF", "/medium.jpg?width=500&format=avif", as_avif},
    {"TIFF", "/medium.jpg?width=500&format=tiff", as_tiff},
    {"BMP", "/medium.jpg?width=500&format=bmp"},
    {"animated GIF", "/animated.gif?width=100", as_animated_gif},
    {"animated WebP", "/animated.webp?width=100", as_animated_webp},

    {"quality=auto, JPEG", "/medium.jpg?width=500&quality=auto", nullptr, "/medium.jpg?width=500"},
    {"quality=auto, WebP", "/medium.jpg?width=500&format=webp&quality=auto", nullptr,
     "/medium.jpg?width=500&format=webp"},
    {"quality=auto, AVIF", "/medium.jpg?width=500&format=avif&quality=auto", nullptr,
     "/medium.jpg?width=500&format=avif"},
    {"max_bytes, JPEG", "/medium.jpg?width=500&max_bytes=20000", nullptr, "/medium.jpg?width=500"},
    {"max_bytes, WebP", "/medium.jpg?width=500&format=webp&max_bytes=15000", nullptr,
     "/medium.jpg?width=500&format=webp"},
});

}  // namespace

std::span<const Case> cases() { return kCases; }

}  // namespace imageserver::bench
