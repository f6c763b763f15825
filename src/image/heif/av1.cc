#include <dav1d/dav1d.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <utility>

#include "image/heif/coded.h"

namespace imageserver {
namespace {

// A picture has one frame, or one for each of its layers.
constexpr int kMostFrames = 16;

class Decoder {
 public:
  explicit Decoder(const CodedItem& item) {
    Dav1dSettings settings;
    dav1d_default_settings(&settings);
    settings.n_threads = 1;
    settings.max_frame_delay = 1;
    settings.all_layers = 0;
    settings.operating_point = item.operating_point;
    settings.frame_size_limit = static_cast<unsigned>(area(item.size));
    settings.logger = {nullptr, nullptr};
    if (dav1d_open(&context_, &settings) != 0) throw std::bad_alloc();
  }

  ~Decoder() { dav1d_close(&context_); }

  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;

  [[nodiscard]] Dav1dContext* get() const { return context_; }

 private:
  Dav1dContext* context_ = nullptr;
};

// The bytes on their way into a decoder.
class Input {
 public:
  explicit Input(const std::string& stream) {
    const auto* const bytes = reinterpret_cast<const std::uint8_t*>(stream.data());
    if (dav1d_data_wrap(&data_, bytes, stream.size(), keep, nullptr) != 0) throw std::bad_alloc();
  }

  ~Input() { dav1d_data_unref(&data_); }

  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;

  [[nodiscard]] Dav1dData* get() { return &data_; }
  [[nodiscard]] bool is_taken() const { return data_.sz == 0; }

 private:
  static void keep(const std::uint8_t* /*bytes*/, void* /*cookie*/) {}

  Dav1dData data_{};
};

struct UnrefPicture {
  void operator()(Dav1dPicture* picture) const {
    dav1d_picture_unref(picture);
    delete picture;
  }
};

using Picture = std::unique_ptr<Dav1dPicture, UnrefPicture>;

int error_of(int errnum) { return DAV1D_ERR(errnum); }

// Null if there is none.
Picture first_picture(const std::string& stream, const CodedItem& item) {
  Input input(stream);
  const Decoder decoder(item);
  Picture picture(new Dav1dPicture{});
  while (!input.is_taken()) {
    const int sent = dav1d_send_data(decoder.get(), input.get());
    if (sent != 0 && sent != error_of(EAGAIN)) return nullptr;
    const int got = dav1d_get_picture(decoder.get(), picture.get());
    if (got == 0) return picture;
    if (got != error_of(EAGAIN)) return nullptr;
  }
  return dav1d_get_picture(decoder.get(), picture.get()) == 0 ? std::move(picture) : nullptr;
}

HeifChroma chroma_of(Dav1dPixelLayout layout) {
  switch (layout) {
    case DAV1D_PIXEL_LAYOUT_I400:
      return HeifChroma::kNone;
    case DAV1D_PIXEL_LAYOUT_I420:
      return HeifChroma::k420;
    case DAV1D_PIXEL_LAYOUT_I422:
      return HeifChroma::k422;
    case DAV1D_PIXEL_LAYOUT_I444:
      return HeifChroma::k444;
  }
  return HeifChroma::kNone;
}

HeifCoding coding_of(const Dav1dSequenceHeader& header) {
  return {header.pri, header.trc, header.mtrx, header.color_range != 0};
}

HeifPlanes planes_of(Picture picture) {
  const Dav1dPicture& from = *picture;
  HeifPlanes planes;
  planes.size = {from.p.w, from.p.h};
  planes.bits = from.p.bpc;
  planes.chroma = chroma_of(from.p.layout);
  planes.coding = coding_of(*from.seq_hdr);
  for (std::size_t i = 0; i < planes.planes.size(); ++i) {
    planes.planes.at(i) = {static_cast<const std::uint8_t*>(from.data[i]),
                           from.stride[i == 0 ? 0 : 1]};
  }
  planes.owner = std::shared_ptr<const Dav1dPicture>(std::move(picture));
  return planes;
}

// Walks over the units of a stream (OBUs).
class Units {
 public:
  explicit Units(std::string_view stream) : rest_(stream) {}

  // The type of the next one; none at the end, or where there is no sense.
  std::optional<unsigned> next() {
    if (rest_.empty()) return std::nullopt;
    const auto head = take();
    const bool is_extended = (head & 4U) != 0;
    if (is_extended) static_cast<void>(take());
    const bool has_size = (head & 2U) != 0;
    const std::uint64_t size = has_size ? size_field() : rest_.size();
    if (size > rest_.size()) return std::nullopt;
    rest_.remove_prefix(static_cast<std::size_t>(size));
    return head >> 3U & 15U;
  }

 private:
  unsigned take() {
    if (rest_.empty()) return 0;
    const auto byte = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    return byte;
  }

  // 7 bits a byte, the lowest first; the highest bit says that more follow.
  std::uint64_t size_field() {
    std::uint64_t size = 0;
    for (unsigned i = 0; i < 8; ++i) {
      const std::uint64_t byte = take();
      size |= (byte & 127U) << (7U * i);
      if ((byte & 128U) == 0) break;
    }
    return size;
  }

  std::string_view rest_;
};

bool has_few_frames(std::string_view stream) {
  constexpr unsigned kFrameHeader = 3;
  constexpr unsigned kFrame = 6;
  int frames = 0;
  Units units(stream);
  while (const std::optional<unsigned> type = units.next()) {
    if (*type == kFrameHeader || *type == kFrame) ++frames;
  }
  return frames <= kMostFrames;
}

}  // namespace

std::optional<CodedForm> av1_form(std::string_view stream) {
  Dav1dSequenceHeader header;
  const auto* const bytes = reinterpret_cast<const std::uint8_t*>(stream.data());
  if (stream.empty() || dav1d_parse_sequence_header(&header, bytes, stream.size()) != 0)
    return std::nullopt;
  return CodedForm{8 + 2 * header.hbd, chroma_of(header.layout), coding_of(header)};
}

std::optional<HeifPlanes> decode_av1(const std::string& stream, const CodedItem& item) {
  if (stream.empty() || !has_few_frames(stream)) return std::nullopt;
  Picture picture = first_picture(stream, item);
  if (!picture) return std::nullopt;
  HeifPlanes planes = planes_of(std::move(picture));
  if (planes.size != item.size) return std::nullopt;
  return planes;
}

}  // namespace imageserver
