#include "image_corpus/hostile.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <set>
#include <stdexcept>

namespace imageserver::testing {
namespace {

using std::string_literals::operator""s;

constexpr std::size_t kMostBytes = 20U << 20U;

std::string repeated(const std::string& part, std::size_t times) {
  std::string text;
  text.reserve(part.size() * times);
  for (std::size_t i = 0; i < times; ++i) text += part;
  return text;
}

// As often as there is room for beside so much.
std::string filled(const std::string& part, std::size_t beside = 2000) {
  return repeated(part, (kMostBytes - beside) / part.size());
}

std::string big_endian(std::uint64_t value, int bytes) {
  std::string text;
  for (int i = bytes - 1; i >= 0; --i) text.push_back(static_cast<char>(value >> (8 * i)));
  return text;
}

std::string little_endian(std::uint64_t value, int bytes) {
  std::string text = big_endian(value, bytes);
  std::reverse(text.begin(), text.end());
  return text;
}

// Zeros, deflated to about a thousandth.
std::string deflated_zeros(std::uint64_t size) {
  z_stream stream{};
  if (deflateInit(&stream, Z_BEST_COMPRESSION) != Z_OK) throw std::runtime_error("no zlib");
  static std::array<Bytef, 1U << 20U> zeros{};
  std::array<Bytef, 1U << 16U> packed{};
  std::string text;
  for (std::uint64_t left = size; left > 0;) {
    const auto part = static_cast<uInt>(std::min<std::uint64_t>(left, zeros.size()));
    left -= part;
    stream.next_in = zeros.data();
    stream.avail_in = part;
    do {
      stream.next_out = packed.data();
      stream.avail_out = static_cast<uInt>(packed.size());
      deflate(&stream, left == 0 ? Z_FINISH : Z_NO_FLUSH);
      text.append(reinterpret_cast<const char*>(packed.data()), packed.size() - stream.avail_out);
    } while (stream.avail_out == 0);
  }
  deflateEnd(&stream);
  return text;
}

// ---- PNG

std::string chunk(const std::string& kind, const std::string& data) {
  const std::string body = kind + data;
  const uLong sum =
      crc32(0, reinterpret_cast<const Bytef*>(body.data()), static_cast<uInt>(body.size()));
  return big_endian(data.size(), 4) + body + big_endian(sum, 4);
}

constexpr int kGrey = 0;
constexpr int kRgba = 6;

// `raw`: bytes of its rows, with the filter before each.
std::string png(std::uint32_t side, int depth, int colour, bool interlaced, std::uint64_t raw,
                const std::string& between = {}) {
  const std::string header = big_endian(side, 4) + big_endian(side, 4) + static_cast<char>(depth) +
                             static_cast<char>(colour) + "\0\0"s + static_cast<char>(interlaced);
  return "\x89PNG\r\n\x1A\n"s + chunk("IHDR", header) + between +
         chunk("IDAT", deflated_zeros(raw)) + chunk("IEND", "");
}

std::string small_png(const std::string& between) { return png(16, 8, kGrey, false, 272, between); }

std::string large_png(bool interlaced) {
  return png(7000, 16, kRgba, interlaced, 7000ULL * (7000 * 8 + 20));
}

std::string png_with_texts() {
  return small_png(filled(chunk("zTXt", "Comment\0\0"s + deflated_zeros(7U << 20U))));
}

std::string png_with_one_text() {
  return small_png(chunk("iTXt", "Comment\0\1\0\0\0"s + deflated_zeros(2000U << 20U)));
}

std::string png_with_profile() {
  return small_png(chunk("iCCP", "icc\0\0"s + deflated_zeros(2000U << 20U)));
}

std::string png_with_chunks() { return small_png(filled(chunk("teSt", ""))); }

// ---- JPEG

std::string segment(int marker, const std::string& body) {
  return "\xFF"s + static_cast<char>(marker) + big_endian(body.size() + 2, 2) + body;
}

// One code, one bit long.
std::string code_table(int table, int symbol) {
  return segment(
      0xC4, static_cast<char>(table) + "\1"s + std::string(15, '\0') + static_cast<char>(symbol));
}

std::string tables(int symbol) {
  return segment(0xDB, "\0"s + std::string(64, '\1')) + code_table(0, 0) + code_table(0x10, symbol);
}

std::string frame(int marker, int side, int components) {
  std::string body = "\x08"s + big_endian(static_cast<unsigned>(side), 2) +
                     big_endian(static_cast<unsigned>(side), 2) + static_cast<char>(components);
  for (int i = 1; i <= components; ++i) body += static_cast<char>(i) + "\x11\0"s;
  return segment(marker, body);
}

std::string grey_jpeg(int side, const std::string& before = {}) {
  const auto blocks = static_cast<std::size_t>((side + 7) / 8) * ((side + 7) / 8);
  return "\xFF\xD8"s + before + tables(0) + frame(0xC0, side, 1) +
         segment(0xDA, "\1\1\0\0\x3F\0"s) + std::string(blocks / 4 + 1, '\0') + "\xFF\xD9"s;
}

// As many scans as a picture of that size may have, each of nothing but runs over all of it.
std::string jpeg_in_scans(int scans) {
  constexpr int kSide = 7000;
  const std::string one = segment(0xDA, "\1\1\0\1\x3F\0"s) + std::string(100, '\0');
  return "\xFF\xD8"s + tables(0xE0) + frame(0xC2, kSide, 3) +
         repeated(one, static_cast<std::size_t>(scans)) + "\xFF\xD9"s;
}

// ---- GIF

std::string gif_frame(int side) {
  const std::string size = little_endian(static_cast<unsigned>(side), 2);
  return ",\0\0\0\0"s + size + size + "\0\2\2\x44\1\0"s;
}

std::string gif(int side, const std::string& frames) {
  const std::string size = little_endian(static_cast<unsigned>(side), 2);
  return "GIF89a"s + size + size + "\x80\0\0"s + "\0\0\0\xFF\xFF\xFF"s + frames + ";";
}

// ---- WebP

std::string riff(const std::string& kind, const std::string& body) {
  return kind + little_endian(body.size(), 4) + body + std::string(body.size() % 2, '\0');
}

// One colour: no pixel takes a bit.
std::string lossless(std::uint64_t side) {
  std::uint64_t bits = 0x2F | (side - 1) << 8 | (side - 1) << 22 | std::uint64_t{1} << 36;
  // No transforms, no cache, one code a channel, each of a single symbol below 2.
  std::string data = little_endian(bits, 5);
  std::uint64_t codes = 0;
  for (int i = 0; i < 5; ++i) codes |= std::uint64_t{1} << (3 + 4 * i);
  return riff("VP8L", data + little_endian(codes, 4));
}

std::string webp(const std::string& chunks) { return riff("RIFF", "WEBP" + chunks); }

std::string extended(std::uint64_t side, int flags) {
  return riff("VP8X", little_endian(static_cast<unsigned>(flags), 4) + little_endian(side - 1, 3) +
                          little_endian(side - 1, 3));
}

constexpr int kMoves = 2;

std::string webp_frame(std::uint64_t side) {
  const std::string place = std::string(6, '\0') + little_endian(side - 1, 3) +
                            little_endian(side - 1, 3) + little_endian(50, 3) + "\0"s;
  return riff("ANMF", place + lossless(side));
}

std::string animated_webp(std::uint64_t side, const std::string& frames) {
  return webp(extended(side, kMoves) + riff("ANIM", std::string(6, '\0')) + frames);
}

// ---- TIFF

struct Entry {
  int tag;
  std::uint32_t value;
};

std::string directory(const std::vector<Entry>& entries, std::uint32_t next) {
  std::string text = little_endian(entries.size(), 2);
  for (const Entry& entry : entries) {
    text += little_endian(static_cast<unsigned>(entry.tag), 2) + little_endian(4, 2) +
            little_endian(1, 4) + little_endian(entry.value, 4);
  }
  return text + little_endian(next, 4);
}

std::string tiff(std::uint32_t width, std::uint32_t height, std::uint32_t samples,
                 std::uint32_t depth, std::uint32_t format, const std::string& deflated) {
  constexpr std::uint32_t kStart = 8;
  const auto size = static_cast<std::uint32_t>(deflated.size());
  const std::string ifd = directory({{256, width},
                                     {257, height},
                                     {258, depth},
                                     {259, 8},
                                     {262, samples == 1 ? 1U : 2U},
                                     {273, kStart},
                                     {277, samples},
                                     {278, height},
                                     {279, size},
                                     {339, format}},
                                    0);
  return "II*\0"s + little_endian(kStart + size, 4) + deflated + ifd;
}

// Directories that hold nothing, each leading to the next.
std::string tiff_chain() {
  std::string text = "II*\0"s + little_endian(8, 4);
  while (text.size() + 6 < kMostBytes)
    text += directory({}, static_cast<unsigned>(text.size()) + 6);
  return text;
}

// Directories that lie over each other, of so many entries each.
std::string tiff_overlapping() {
  constexpr std::size_t kCount = 900;
  constexpr std::size_t kEntries = 60'000;
  constexpr std::size_t kStep = 16;
  std::string text(8 + kCount * kStep + kEntries * 12 + 8, '\0');
  text.replace(0, 8, "II*\0"s + little_endian(8, 4));
  for (std::size_t i = 0; i < kCount; ++i) {
    const std::size_t at = 8 + i * kStep;
    text.replace(at, 2, little_endian(kEntries, 2));
    text.replace(at + 2 + kEntries * 12, 4, little_endian(i + 1 < kCount ? at + kStep : 0, 4));
  }
  return text;
}

// ---- AVIF, SVG, PDF, JPEG XL, BMP

std::string box(const std::string& kind, const std::string& body) {
  return big_endian(8 + body.size(), 4) + kind + body;
}

std::string avif_of_boxes() {
  return box("ftyp", "avif\0\0\0\0avifmif1"s) + filled(box("free", ""));
}

std::string svg(const std::string& body) {
  return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"64\" height=\"64\">" + body + "</svg>";
}

std::string rle_bmp() {
  constexpr std::uint64_t kSide = 7000;
  const std::string rows = repeated(repeated("\xFF\1"s, 28) + "\0\0"s, kSide) + "\0\1"s;
  const std::string header = little_endian(40, 4) + little_endian(kSide, 4) +
                             little_endian(kSide, 4) + little_endian(1, 2) + little_endian(8, 2) +
                             little_endian(1, 4) + little_endian(rows.size(), 4) +
                             std::string(16, '\0');
  return "BM" + little_endian(14 + 40 + 1024 + rows.size(), 4) + std::string(4, '\0') +
         little_endian(14 + 40 + 1024, 4) + header + std::string(1024, '\0') + rows;
}

Bombs make_bombs() {
  return {
      {"png-rgba16-49mp.png", [] { return large_png(false); }},
      {"png-rgba16-interlaced-49mp.png", [] { return large_png(true); }},
      {"png-texts.png", png_with_texts},
      {"png-one-text.png", png_with_one_text},
      {"png-profile.png", png_with_profile},
      {"png-chunks.png", png_with_chunks},
      {"png-plain-texts.png", [] { return small_png(filled(chunk("tEXt", "k\0v"s))); }},
      {"jpeg-49mp.jpg", [] { return grey_jpeg(7000); }},
      {"jpeg-in-20-scans.jpg", [] { return jpeg_in_scans(20); }},
      {"jpeg-in-2000-scans.jpg", [] { return jpeg_in_scans(2000); }},
      {"jpeg-segments.jpg", [] { return grey_jpeg(16, filled(segment(0xE1, "x"))); }},
      {"jpeg-comments.jpg", [] { return grey_jpeg(16, filled(segment(0xFE, ""))); }},
      {"jpeg-fill-bytes.jpg", [] { return grey_jpeg(16, filled("\xFF")); }},
      {"gif-frames.gif", [] { return gif(16, filled(gif_frame(1))); }},
      {"gif-49mp-frames.gif", [] { return gif(7000, filled(gif_frame(1))); }},
      {"gif-100-frames.gif", [] { return gif(700, repeated(gif_frame(700), 100)); }},
      {"gif-comment.gif",
       [] {
         return gif(16, "!\xFE" + filled("\xFF" + std::string(255, 'x')) + "\0"s + gif_frame(16));
       }},
      {"webp-49mp.webp", [] { return webp(lossless(7000)); }},
      {"webp-frames.webp", [] { return animated_webp(16, filled(webp_frame(16))); }},
      {"webp-100-frames.webp", [] { return animated_webp(700, repeated(webp_frame(700), 100)); }},
      {"webp-49mp-frames.webp", [] { return animated_webp(7000, repeated(webp_frame(7000), 90)); }},
      {"webp-chunks.webp",
       [] { return webp(extended(16, 0) + filled(riff("teSt", "")) + lossless(16)); }},
      {"tiff-chain.tif", tiff_chain},
      {"tiff-overlapping.tif", tiff_overlapping},
      {"tiff-float-49mp.tif",
       [] { return tiff(7000, 7000, 3, 32, 3, deflated_zeros(7000ULL * 7000 * 12)); }},
      {"tiff-3000000-rows.tif",
       [] { return tiff(16, 3'000'000, 1, 8, 1, deflated_zeros(48'000'000)); }},
      {"avif-boxes.avif", avif_of_boxes},
      {"bmp-49mp.bmp", rle_bmp},
      {"svg-elements.svg", [] { return svg(filled("<g/>")); }},
      {"svg-path.svg",
       [] { return svg("<path stroke=\"red\" d=\"M0 0" + filled("L64 1L0 64") + "\"/>"); }},
      {"pdf-objects.pdf", [] { return "%PDF-1.7\n" + filled("1 0 obj <<>> endobj\n"); }},
      {"jxl-zeros.jxl", [] { return "\xFF\x0A" + filled("\0"s); }},
  };
}

}  // namespace

int rounds() {
  const char* const asked = std::getenv("IMAGESERVER_CORPUS_ROUNDS");
  return asked == nullptr ? 1 : std::max(1, std::atoi(asked));
}

std::vector<std::string> truncated(std::string_view bytes) {
  constexpr std::size_t kStep = 1024;
  std::vector<std::string> parts;
  for (std::size_t size = kStep; size < bytes.size(); size += kStep)
    parts.emplace_back(bytes.substr(0, size));
  return parts;
}

std::string flipped(std::string_view bytes, std::mt19937& chance) {
  std::string text(bytes);
  if (text.empty()) return text;
  const std::uint32_t flips = 1 + chance() % 8;
  for (std::uint32_t i = 0; i < flips; ++i) {
    const std::size_t at = chance() % text.size();
    text[at] = static_cast<char>(text[at] ^ (1U << chance() % 8));
  }
  return text;
}

bool never_ends(std::string_view name) {
  static const std::set<std::string_view> names = {
      "pdf-contents-bomb.pdf",     "pdf-forms.pdf",        "pdf-pattern-tiny.pdf",
      "svg-6300x6300-blurred.svg", "svg-filters-many.svg", "svg-masks.svg",
  };
  return names.contains(name);
}

const Bombs& bombs() {
  static const Bombs all = make_bombs();
  return all;
}

}  // namespace imageserver::testing
