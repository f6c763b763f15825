// page and frames, and what becomes of delays and loops; every frame against itself alone.

#include "image/plan/pages.h"

#include <gtest/gtest.h>

#include <string>

#include "support/pictures.h"
#include "support/reference.h"

namespace imageserver {
namespace {

using vips::VImage;

class PagesTest : public TransformTest {
 protected:
  static VImage frame(int index) {
    const VImage lit = (photo(48, 36) * 0.6 + 20.0 * index).cast(VIPS_FORMAT_UCHAR);
    const VImage srgb = lit.copy(VImage::option()->set("interpretation", VIPS_INTERPRETATION_sRGB));
    return srgb.insert(plain(8, 8, {255, 0, 0}), 8 * index, 4).copy_memory();
  }

  // Five frames, 100, 200, ... ms, three times.
  static Bytes moving(Format format) {
    return encoded(
        roll({frame(0), frame(1), frame(2), frame(3), frame(4)}, {100, 200, 300, 400, 500}, 3),
        format);
  }

  static VImage at(const VImage& image, int index) {
    const int height = vips_image_get_page_height(image.get_image());
    return image.extract_area(0, index * height, image.width(), height);
  }

  static TransformSpec from(std::optional<int> page, std::optional<int> frames, Format format) {
    TransformSpec spec = as(format);
    spec.page = page;
    spec.frames = frames;
    spec.lossless = format == Format::kWebp;
    return spec;
  }

  static std::vector<int> delays(const VImage& image) {
    if (image.get_typeof("delay") == 0) return {};
    return image.get_array_int("delay");
  }

  static std::string message(const Bytes& source, const TransformSpec& spec) {
    const Error error = error_of(source, spec);
    EXPECT_EQ(error.kind, ErrorKind::kInvalidParam);
    return error.message;
  }

  static Bytes document() {
    VImage pages =
        VImage::arrayjoin({frame(0), frame(1), frame(2)}, VImage::option()->set("across", 1));
    pages = pages.copy_memory();
    pages.set(VIPS_META_PAGE_HEIGHT, 36);
    return to_bytes(pages.tiffsave_buffer());
  }
};

TEST_F(PagesTest, PageTakesOneFrame) {
  for (const Format in : {Format::kGif, Format::kWebp}) {
    for (const Format out : {Format::kPng, Format::kWebp, Format::kGif, Format::kJpeg}) {
      const ImagePtr image = make(moving(in), from(3, std::nullopt, out));
      EXPECT_EQ(image->frames, (Frames{1, 1}));
      const VImage pixels = decoded(*image);
      ASSERT_EQ(pixels.height(), 36);
      EXPECT_LT(distance(pixels, frame(3)), in == out && in == Format::kWebp ? 1 : 14)
          << format_name(in) << " to " << format_name(out);
      EXPECT_GT(distance(pixels, frame(2)), 15);
      EXPECT_TRUE(delays(pixels).empty() || out == Format::kGif) << "a still picture";
    }
  }
}

TEST_F(PagesTest, FramesTakesSoManyFromThePageOn) {
  for (const Format in : {Format::kGif, Format::kWebp}) {
    for (const Format out : {Format::kGif, Format::kWebp}) {
      const ImagePtr image = make(moving(in), from(1, 3, out));
      EXPECT_EQ(image->frames, (Frames{3, 3}));
      const VImage pixels = decoded(*image);
      ASSERT_EQ(pixels.height(), 3 * 36);
      EXPECT_EQ(delays(pixels), (std::vector<int>{200, 300, 400}));
      EXPECT_EQ(pixels.get_int("loop"), 3);
      for (int i = 0; i < 3; ++i) EXPECT_LT(distance(at(pixels, i), frame(i + 1)), 14);
    }
  }
}

TEST_F(PagesTest, FramesAloneBeginsAtTheFirst) {
  const VImage pixels = decoded(*make(moving(Format::kWebp), from(std::nullopt, 2, Format::kWebp)));
  ASSERT_EQ(pixels.height(), 2 * 36);
  EXPECT_EQ(delays(pixels), (std::vector<int>{100, 200}));
  EXPECT_LT(distance(at(pixels, 1), frame(1)), 1);
}

TEST_F(PagesTest, MoreFramesThanThereAreIsAllOfThem) {
  const ImagePtr image = make(moving(Format::kGif), from(3, 1000, Format::kGif));
  EXPECT_EQ(image->frames, (Frames{2, 2}));
  EXPECT_EQ(delays(decoded(*image)), (std::vector<int>{400, 500}));
}

TEST_F(PagesTest, APageThatIsNotThereIsRefused) {
  EXPECT_EQ(message(moving(Format::kGif), from(5, std::nullopt, Format::kPng)),
            "invalid param \"page\": must be below the number of frames or pages, which is 5");
  EXPECT_EQ(message(moving(Format::kWebp), from(1000, 2, Format::kWebp)),
            "invalid param \"page\": must be below the number of frames or pages, which is 5");
  for (const Format format : kFormats) {
    EXPECT_EQ(message(encoded(photo(20, 20), format), from(1, std::nullopt, Format::kPng)),
              "invalid param \"page\": must be below the number of frames or pages, which is 1");
    EXPECT_NE(make(encoded(photo(20, 20), format), from(0, std::nullopt, Format::kPng)), nullptr);
  }
}

TEST_F(PagesTest, PageAndFramesAreSomethingAsked) {
  const Bytes source = moving(Format::kGif);
  TransformSpec spec;
  spec.page = 0;
  EXPECT_NE(make(source, spec)->data.data(), source.data());
  EXPECT_EQ(make(source, spec)->frames, (Frames{1, 1}));
  spec = {};
  spec.frames = 5;
  EXPECT_NE(make(source, spec)->data.data(), source.data());
}

TEST_F(PagesTest, ThePagesOfATiff) {
  for (int i = 0; i < 3; ++i) {
    const ImagePtr image = make(document(), from(i, std::nullopt, Format::kPng));
    EXPECT_EQ(levels_between(decoded(*image), frame(i)).most, 0) << i;
  }
  EXPECT_EQ(levels_between(decoded(*make(document(), as(Format::kPng))), frame(0)).most, 0)
      << "the first if none is named";
  EXPECT_EQ(message(document(), from(3, std::nullopt, Format::kPng)),
            "invalid param \"page\": must be below the number of frames or pages, which is 3");
}

TEST_F(PagesTest, PagesAreNoAnimation) {
  for (const Format out : {Format::kGif, Format::kWebp, Format::kTiff}) {
    const ImagePtr image = make(document(), from(1, 2, out));
    EXPECT_EQ(image->frames, (Frames{1, 1})) << format_name(out);
    EXPECT_LT(distance(decoded(*image), frame(1)), 14);
  }
}

TEST_F(PagesTest, TheLimitCountsFromThePageOn) {
  const Bytes source = read_testdata("frames250.gif");
  EXPECT_EQ(make(source, from(200, 40, Format::kGif))->frames, (Frames{40, 40}));
  EXPECT_EQ(make(source, from(100, 200, Format::kGif))->frames, (Frames{100, 150}));
  EXPECT_EQ(make(source, from(249, std::nullopt, Format::kPng))->frames, (Frames{1, 1}));
  TransformContext context;
  context.limits.max_frames = 2;
  EXPECT_EQ(make(moving(Format::kGif), from(1, 4, Format::kGif), context)->frames, (Frames{2, 4}));
}

TEST_F(PagesTest, PageAndFramesChooseTheFramesThatAreRead) {
  const auto choose = [](std::optional<int> page, std::optional<int> frames, FileType type,
                         std::optional<Format> format) {
    TransformSpec spec;
    spec.page = page;
    spec.frames = frames;
    spec.format = format;
    const Header header{.type = type, .stored = {1, 1}, .pages = 10};
    const auto choice = choose_pages(spec, header, {.max_frames = 4});
    return std::vector<int>{choice->pages.first, choice->pages.count,
                            static_cast<int>(choice->frames.read),
                            static_cast<int>(choice->frames.total)};
  };
  using List = std::vector<int>;
  const auto none = std::nullopt;
  EXPECT_EQ(choose(none, none, FileType::kGif, none), (List{0, 4, 4, 10}));
  EXPECT_EQ(choose(none, none, FileType::kGif, Format::kWebp), (List{0, 4, 4, 10}));
  EXPECT_EQ(choose(none, none, FileType::kWebp, Format::kPng), (List{0, 1, 1, 1}));
  EXPECT_EQ(choose(7, none, FileType::kGif, none), (List{7, 1, 1, 1}));
  EXPECT_EQ(choose(7, 2, FileType::kGif, none), (List{7, 2, 2, 2}));
  EXPECT_EQ(choose(7, 9, FileType::kGif, none), (List{7, 3, 3, 3}));
  EXPECT_EQ(choose(2, 9, FileType::kWebp, none), (List{2, 4, 4, 8}));
  EXPECT_EQ(choose(2, 9, FileType::kWebp, Format::kJpeg), (List{2, 1, 1, 1}));
  EXPECT_EQ(choose(none, 3, FileType::kTiff, none), (List{0, 1, 1, 1}));
  EXPECT_EQ(choose(4, 3, FileType::kTiff, Format::kGif), (List{4, 1, 1, 1}));
}

// What may be done to an animation, each of which must be done to each frame alone.
std::vector<TransformSpec> treatments() {
  std::vector<TransformSpec> specs;
  const auto add = [&](const auto& change) {
    specs.emplace_back();
    change(specs.back());
  };
  add([](TransformSpec& s) { s.width = 20; });
  add([](TransformSpec& s) { s.width = 99; });
  add([](TransformSpec& s) { s.crop = CropBox{5, 3, 40, 30}; });
  add([](TransformSpec& s) {
    s.width = s.height = 20;
    s.mode = Mode::kFill;
  });
  add([](TransformSpec& s) {
    s.width = s.height = 60;
    s.mode = Mode::kFill;
  });
  add([](TransformSpec& s) {
    s.width = s.height = 60;
    s.mode = Mode::kPad;
  });
  add([](TransformSpec& s) { s.rotation = 90; });
  add([](TransformSpec& s) { s.rotation = 33; });
  add([](TransformSpec& s) { s.flip.vertical = true; });
  add([](TransformSpec& s) {
    s.width = 20;
    s.gamma_correction = true;
  });
  add([](TransformSpec& s) { s.blur = 2; });
  add([](TransformSpec& s) { s.sharpen = 2; });
  add([](TransformSpec& s) { s.pixelate = 7; });
  add([](TransformSpec& s) { s.grayscale = true; });
  add([](TransformSpec& s) { s.tint = Colour{200, 100, 50, 255}; });
  add([](TransformSpec& s) { s.radius = 9; });
  add([](TransformSpec& s) {
    s.radius = 9;
    s.background = Colour{9, 99, 199, 255};
  });
  return specs;
}

TEST_F(PagesTest, WhateverIsDoneToAnAnimationIsDoneToEachFrameAlone) {
  for (const Format in : {Format::kGif, Format::kWebp}) {
    const Bytes source = moving(in);
    int number = 0;
    for (TransformSpec spec : treatments()) {
      SCOPED_TRACE(testing::Message() << format_name(in) << ", treatment " << number++);
      spec.format = Format::kWebp;
      spec.lossless = true;
      const VImage pixels = decoded(*make(source, spec));
      EXPECT_EQ(delays(pixels), (std::vector<int>{100, 200, 300, 400, 500}));
      EXPECT_EQ(pixels.get_int("loop"), 3);
      spec.format = Format::kPng;
      for (const int i : {0, 2, 4}) {
        spec.page = i;
        const VImage still = decoded(*make(source, spec));
        ASSERT_EQ(vips_image_get_page_height(pixels.get_image()), still.height());
        const VImage colour = still.colourspace(VIPS_INTERPRETATION_sRGB);
        EXPECT_LE(looks_apart(at(pixels, i), colour).most, 1) << "frame " << i;
      }
    }
  }
}

TEST_F(PagesTest, GifsOfEachFrameLookLikeTheStillOnes) {
  for (const Format in : {Format::kGif, Format::kWebp}) {
    const Bytes source = moving(in);
    for (TransformSpec spec : treatments()) {
      spec.format = Format::kGif;
      spec.background = Colour{255, 255, 255, 255};
      const VImage pixels = decoded(*make(source, spec));
      EXPECT_EQ(delays(pixels), (std::vector<int>{100, 200, 300, 400, 500}));
      EXPECT_EQ(pixels.get_int("loop"), 3);
      spec.format = Format::kPng;
      spec.page = 3;
      const VImage still = decoded(*make(source, spec));
      EXPECT_LT(distance(at(pixels, 3), still), 22);
    }
  }
}

// A TIFF whose pages are white, of these sizes, one below the other as they stand in the file.
class TiffOfPages {
 public:
  explicit TiffOfPages(const std::vector<Size>& sizes) : bytes_("II*\0", 4) {
    put(8, 4);
    for (const Size& size : sizes) page(size, size == sizes.back());
  }

  [[nodiscard]] Bytes bytes() const { return Bytes::copy(bytes_); }

 private:
  void put(std::size_t number, std::size_t width) {
    for (std::size_t i = 0; i < width; ++i) bytes_ += static_cast<char>(number >> (8U * i) & 255U);
  }

  void entry(std::size_t tag, std::size_t value) {
    constexpr std::size_t kLong = 4;
    put(tag, 2);
    put(kLong, 2);
    put(1, 4);
    put(value, 4);
  }

  void page(const Size& size, bool last) {
    const auto width = static_cast<std::size_t>(size.width);
    const auto height = static_cast<std::size_t>(size.height);
    constexpr std::size_t kEntries = 8;
    const std::size_t pixels_at = bytes_.size() + 2 + kEntries * 12 + 4;
    put(kEntries, 2);
    entry(256, width);
    entry(257, height);
    entry(258, 8);          // bits a sample
    entry(259, 1);          // not compressed
    entry(262, 1);          // grey, black is 0
    entry(273, pixels_at);  // the one strip
    entry(278, height);
    entry(279, width * height);
    put(last ? 0 : pixels_at + width * height, 4);
    bytes_.append(width * height, '\xFF');
  }

  std::string bytes_;
};

TEST_F(PagesTest, EachPageHasASizeOfItsOwn) {
  const Bytes source = TiffOfPages({{1, 1}, {40, 30}}).bytes();
  const VImage first = decoded(*make(source, from(0, {}, Format::kPng)));
  EXPECT_EQ(first.width(), 1);
  const VImage second = decoded(*make(source, from(1, {}, Format::kPng)));
  EXPECT_EQ(second.width(), 40);
  EXPECT_EQ(second.height(), 30);
}

TEST_F(PagesTest, ThePageThatIsReadIsHeldAgainstTheLimits) {
  const Bytes source = TiffOfPages({{1, 1}, {40, 30}}).bytes();
  TransformSpec spec = from(1, {}, Format::kPng);
  spec.trim = 1;
  TransformContext context;
  context.limits.max_pixels = 1000;
  EXPECT_EQ(error_of(source, spec, context).kind, ErrorKind::kUnprocessable);
  spec.page = 0;
  EXPECT_TRUE(transform(source, spec, {}, context).has_value());
}

TEST_F(PagesTest, FarIntoALargeAnimationAreRefused) {
  TransformContext context;
  context.limits.max_pixels = 48 * 36 / 2;
  const Header header{.type = FileType::kGif, .stored = {48, 36}, .pages = 100};
  TransformSpec spec;
  spec.page = 4;
  EXPECT_TRUE(choose_pages(spec, header, context.limits).has_value());
  spec.page = 5;
  EXPECT_TRUE(choose_pages(spec, header, context.limits).has_value());
  spec.page = 6;
  const auto far = choose_pages(spec, header, context.limits);
  ASSERT_TRUE(far.has_error());
  EXPECT_EQ(far.error().kind, ErrorKind::kInvalidParam);
  const Header pages{.type = FileType::kTiff, .stored = {48, 36}, .pages = 100};
  EXPECT_TRUE(choose_pages(spec, pages, context.limits).has_value()) << "each is read by itself";
  const Header empty{.type = FileType::kGif, .stored = {}, .pages = 100};
  EXPECT_TRUE(choose_pages(spec, empty, context.limits).has_value()) << "nothing is divided by";
  const Header dots{.type = FileType::kGif, .stored = {1, 1}, .pages = 100};
  const ImageLimits one{.max_pixels = 1, .max_frames = 1};
  spec.page = 10;
  EXPECT_TRUE(choose_pages(spec, dots, one).has_value());
  spec.page = 11;
  EXPECT_TRUE(choose_pages(spec, dots, one).has_error());
}

}  // namespace
}  // namespace imageserver
