#include <gtest/gtest.h>

#include <string>

#include "image/codec/metadata.h"
#include "params/size_limits.h"
#include "source/source.h"
#include "support/pictures.h"

namespace imageserver {
namespace {

using std::string_literals::operator""s;
using vips::VImage;

const Error kDamaged{ErrorKind::kUnprocessable, "the picture is damaged or incomplete"};
const Error kNoPicture{ErrorKind::kUnprocessable,
                       "not a picture in a format we read (JPEG, PNG, GIF, WebP, AVIF, HEIC, "
                       "TIFF, BMP)"};
const Error kTooLarge{ErrorKind::kUnprocessable, "the picture is larger than 50 megapixels"};

class DamageTest : public TransformTest {
 protected:
  static Bytes cut(const Bytes& whole, double share) {
    const auto size = static_cast<std::size_t>(static_cast<double>(whole.size()) * share);
    return Bytes::copy(whole.view().substr(0, size));
  }

  // A PNG that is whole by its parts, and cannot be decoded.
  static Bytes with_damaged_pixels(const VImage& picture) {
    std::string png(to_bytes(picture.pngsave_buffer()).view());
    const std::size_t data = png.find("IDAT") + 4;
    for (std::size_t at = data + 10; at < data + 60; ++at) png.at(at) = '\xAA';
    return Bytes::own(std::move(png));
  }

  // Every way by which some part of a picture may come to be looked at.
  static std::vector<TransformSpec> ways() {
    std::vector<TransformSpec> specs = {sized(500, 0), sized(20, 0), sized(3, 3, Mode::kFill),
                                        sized(400, 10, Mode::kFill), sized(900, 900)};
    for (const Format format : kFormats) {
      specs.push_back(as(format));
      specs.back().quality = 50;
      specs.push_back(sized(10, 10));
      specs.back().format = format;
    }
    return specs;
  }

  static std::string u32(std::uint32_t value) {
    std::string bytes;
    for (int shift = 24; shift >= 0; shift -= 8)
      bytes.push_back(static_cast<char>(value >> static_cast<unsigned>(shift)));
    return bytes;
  }
};

class EveryDamage : public DamageTest, public testing::WithParamInterface<Format> {};

INSTANTIATE_TEST_SUITE_P(Formats, EveryDamage, testing::ValuesIn(kFormats),
                         [](const auto& param) { return std::string(format_name(param.param)); });

TEST_P(EveryDamage, ATruncatedPictureIsNoPicture) {
  const Bytes whole = encoded(photo(400, 330), GetParam());
  for (const double share : {0.02, 0.3, 0.6, 0.9, 0.99}) {
    for (const TransformSpec& spec : ways()) {
      EXPECT_EQ(error_of(cut(whole, share), spec), kDamaged)
          << share << " to " << spec.width << "x" << spec.height;
    }
  }
}

// Without its very end it may be one: see lost_end_test.cc.
// Its metadata are left out, as they stand behind the pixels of AVIF.
TEST_P(EveryDamage, APictureWithoutItsLastBytesIsNoPicture) {
  const Bytes whole = encoded(strip_metadata(photo(400, 330), {}, true), GetParam());
  const Bytes most = whole.slice(0, whole.size() - 40);
  for (const TransformSpec& spec : ways()) EXPECT_EQ(error_of(most, spec), kDamaged);
}

TEST_P(EveryDamage, NoTruncatedFileCrashes) {
  const Bytes whole = encoded(photo(16, 12), GetParam());
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const Bytes part = Bytes::copy(whole.view().substr(0, size));
    const auto result = transform(part, sized(5, 0), {});
    if (result.has_error()) {
      EXPECT_EQ(result.error().kind, ErrorKind::kUnprocessable);
    }
  }
}

TEST_P(EveryDamage, NoFlippedByteCrashes) {
  const Bytes whole = encoded(photo(16, 12), GetParam());
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string bytes(whole.view());
    bytes[at] = static_cast<char>(bytes[at] ^ 0x55);
    const auto result = transform(Bytes::own(std::move(bytes)), sized(5, 0), {},
                                  limited_to({.max_pixels = 1'000'000}));
    if (result.has_error()) {
      EXPECT_EQ(result.error().kind, ErrorKind::kUnprocessable);
    }
  }
}

TEST_F(DamageTest, TheErrorForAFileThatIsNoPictureSaysSo) {
  const std::string svg = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>";
  for (const std::string& bytes : {""s, "hello"s, svg, "%PDF-1.7\n"s, "P6 1 1 255\nabc"s, "\0"s}) {
    EXPECT_EQ(error_of(Bytes::copy(bytes), sized(10, 0)), kNoPicture);
    EXPECT_EQ(error_of(Bytes::copy(bytes), {}), kNoPicture);
  }
}

TEST_F(DamageTest, TheErrorNamesTheFormatsThatArePermittedToo) {
  const auto told = [](const UntrustedFormats& untrusted) {
    TransformContext context;
    context.untrusted = untrusted;
    return error_of(Bytes::copy("hello"), {}, context).message;
  };
  const std::string always =
      "not a picture in a format we read (JPEG, PNG, GIF, WebP, AVIF, HEIC, TIFF, BMP";
  EXPECT_EQ(told({.pdf = true}), always + ", PDF)");
  EXPECT_EQ(told({.svg = true, .pdf = true, .jxl = true}), always + ", SVG, PDF, JPEG XL)");
}

TEST_F(DamageTest, MagicBytesAloneAreDamaged) {
  for (const std::string& bytes :
       {"\xFF\xD8\xFF"s, "\x89PNG\r\n\x1A\n"s, "GIF89a"s, "RIFF\0\0\0\0WEBP"s}) {
    EXPECT_EQ(error_of(Bytes::copy(bytes), {}), kDamaged);
    EXPECT_EQ(error_of(Bytes::copy(bytes), sized(10, 0)), kDamaged);
  }
}

TEST_F(DamageTest, AnotherFormatsBytesUnderOursAreDamaged) {
  const std::string png(encoded(photo(10, 10), Format::kPng).view());
  EXPECT_EQ(error_of(Bytes::copy("GIF89a" + png), sized(10, 0)).kind, ErrorKind::kUnprocessable);
  EXPECT_EQ(error_of(Bytes::copy("\xFF\xD8\xFF" + png), sized(10, 0)).kind,
            ErrorKind::kUnprocessable);
}

TEST_F(DamageTest, TooManyBytesAreRefusedUnread) {
  std::string bytes(encoded(photo(10, 10), Format::kPng).view());
  bytes.resize(kMaxSourceBytes + 1);
  const Error error = error_of(Bytes::own(std::move(bytes)), sized(10, 0));
  EXPECT_EQ(error, (Error{ErrorKind::kUnprocessable, "the picture is larger than 20 MiB"}));
}

TEST_F(DamageTest, ABombIsRefusedByItsHeader) {
  // 50000 x 50000 in a header and not a pixel behind it.
  const std::string png = "\x89PNG\r\n\x1A\n"s + u32(13) + "IHDR" + u32(50'000) + u32(50'000) +
                          "\x08\x02\x00\x00\x00\x03\xF6\xB1\xC9"s + u32(0) +
                          "IDAT\x35\xAF\x06\x1E"s;
  for (const TransformSpec& spec : ways()) {
    const Error error = error_of(Bytes::copy(png), spec);
    EXPECT_EQ(error.kind, ErrorKind::kUnprocessable);
  }
  EXPECT_EQ(error_of(read_testdata("bomb.png"), {}), kTooLarge);
}

TEST_F(DamageTest, TheLimitIsExact) {
  const Bytes source = encoded(photo(100, 50), Format::kPng);
  EXPECT_TRUE(transform(source, sized(10, 0), {}, limited_to({.max_pixels = 5000})).has_value());
  EXPECT_TRUE(transform(source, {}, {}, limited_to({.max_pixels = 5000})).has_value());
  EXPECT_EQ(error_of(source, sized(10, 0), limited_to({.max_pixels = 4999})).kind,
            ErrorKind::kUnprocessable);
  EXPECT_EQ(error_of(source, {}, limited_to({.max_pixels = 4999})).kind, ErrorKind::kUnprocessable);
}

TEST_F(DamageTest, AResultThatWouldBeTooLargeIsRefusedBeforeDecoding) {
  const Bytes tall = with_damaged_pixels(photo(20, 600));
  EXPECT_EQ(error_of(tall, sized(50, 0)), kDamaged);
  EXPECT_EQ(error_of(tall, sized(500, 0)),
            (Error{ErrorKind::kInvalidParam,
                   "invalid param \"width\": the result would be larger than 8192 pixels a side"}));
  const Bytes square = with_damaged_pixels(photo(100, 100));
  EXPECT_EQ(error_of(square, sized(0, 8000)),
            (Error{ErrorKind::kInvalidParam,
                   "invalid param \"height\": the result would be larger than 40 megapixels"}));
}

TEST_F(DamageTest, HugeCanvasesAreRefusedBeforeDecoding) {
  const Bytes tall = with_damaged_pixels(photo(20, 600));
  const auto expect_refused = [&tall](const TransformSpec& spec) {
    EXPECT_EQ(error_of(tall, spec).kind, ErrorKind::kInvalidParam);
  };
  TransformSpec pad = sized(8000, 8000, Mode::kPad);
  pad.enlarge = false;
  expect_refused(pad);
  expect_refused(sized(1000, 10, Mode::kCover));
  TransformSpec dpr = sized(100, 0);
  dpr.dpr = 8;
  expect_refused(dpr);
  TransformSpec canvas = sized(1100, 1100, Mode::kPad);
  canvas.dpr = 8;
  expect_refused(canvas);
  TransformSpec rotation = sized(8000, 8000);
  rotation.rotation = 30;
  expect_refused(rotation);
  TransformSpec avif = sized(4100, 4000);
  avif.format = Format::kAvif;
  expect_refused(avif);
  TransformSpec smart = sized(8000, 8000, Mode::kFill);
  smart.gravity.kind = Gravity::Kind::kSmart;
  expect_refused(smart);
  TransformSpec empty = sized(10, 10);
  empty.crop = CropBox{20, 0, 30, 10};
  expect_refused(empty);
  TransformSpec page = sized(10, 10);
  page.page = 1;
  expect_refused(page);
}

TEST_F(DamageTest, ALargePictureOfAnotherFormatNamesTheFormat) {
  const Bytes wide = encoded(plain(9000, 2, {1, 2, 3}), Format::kPng);
  EXPECT_EQ(error_of(wide, as(Format::kJpeg)).message,
            "invalid param \"format\": the result would be larger than 8192 pixels a side");
  EXPECT_NE(make(wide, {}), nullptr) << "as it is it may be served";
}

TEST_F(DamageTest, TheSamplesAreRefused) {
  for (const std::string name :
       {"bomb.png", "bomb.jpg", "bomb.gif", "bomb.webp", "invalid.jpg", "empty.jpg", "notes.txt",
        "picture.svg", "truncated.jpg", "truncated.png", "truncated.gif", "truncated.webp"}) {
    EXPECT_EQ(error_of(read_testdata(name), sized(30, 0)).kind, ErrorKind::kUnprocessable) << name;
  }
}

// libvips takes memory for all pixels of a WebP to read its header.
TEST_F(DamageTest, AWebpThatIsTooLargeIsRefusedBeforeItIsOpened) {
  EXPECT_EQ(error_of(read_testdata("bomb.webp"), sized(30, 0)).message,
            "the picture is larger than 50 megapixels");
}

TEST_F(DamageTest, NoErrorIsLeftInTheLibrary) {
  EXPECT_EQ(error_of(Bytes::copy("GIF89a"), sized(10, 0)), kDamaged);
  EXPECT_STREQ(vips_error_buffer(), "");
}

}  // namespace
}  // namespace imageserver
