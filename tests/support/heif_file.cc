#include "support/heif_file.h"

#include "base/endian.h"
#include "formats/heif_items.h"
#include "support/pictures.h"

namespace imageserver {
namespace {

using vips::VImage;

template <class Number>
std::string big_endian(std::uint64_t number) {
  const auto bytes = to_big_endian<Number>(static_cast<Number>(number));
  return {bytes.data(), bytes.size()};
}

std::string be8(int number) { return std::string(1, static_cast<char>(number)); }

// The alpha of the primary item, or that itself.
CodedPicture taken_from(const Bytes& file, const char* configuration, bool alpha = false) {
  const HeifItems items = *HeifItems::read(file.view());
  const HeifItemId primary = items.primary();
  const HeifItem& item = *items.find(alpha ? items.referring_to(primary, "auxl").front() : primary);
  IsoFields size(*item.property("ispe"));
  static_cast<void>(size.bytes(4));
  CodedPicture coded;
  coded.type = item.type;
  coded.stream = *items.content(item);
  coded.configuration = iso_box(configuration, *item.property(configuration));
  coded.width = static_cast<int>(size.number(4));
  coded.height = static_cast<int>(size.number(4));
  return coded;
}

Bytes lossless_avif(const VImage& image) {
  return to_bytes(image.heifsave_buffer(VImage::option()
                                            ->set("compression", VIPS_FOREIGN_HEIF_COMPRESSION_AV1)
                                            ->set("lossless", true)
                                            ->set("effort", 0)
                                            ->set("bitdepth", 8)
                                            ->set("subsample_mode", VIPS_FOREIGN_SUBSAMPLE_OFF)));
}

}  // namespace

std::string be16(std::uint32_t number) { return big_endian<std::uint16_t>(number); }

std::string be32(std::uint32_t number) { return big_endian<std::uint32_t>(number); }

std::string iso_box(std::string_view type, std::string_view content) {
  return be32(static_cast<std::uint32_t>(content.size() + 8)) + std::string(type) +
         std::string(content);
}

std::string full_box(std::string_view type, std::string_view content) {
  return iso_box(type, be32(0) + std::string(content));
}

std::string ispe(int width, int height) {
  return full_box(
      "ispe", be32(static_cast<std::uint32_t>(width)) + be32(static_cast<std::uint32_t>(height)));
}

std::string irot(int quarters) { return iso_box("irot", be8(quarters)); }

std::string imir(int axis) { return iso_box("imir", be8(axis)); }

std::string clap(int width, int height, int right, int down) {
  std::string content;
  for (const int number : {width, height, right, down})
    content += be32(static_cast<std::uint32_t>(number)) + be32(1);
  return iso_box("clap", content);
}

std::string nclx(int primaries, int transfer, int matrix, bool full_range) {
  return iso_box("colr", "nclx" + be16(static_cast<std::uint32_t>(primaries)) +
                             be16(static_cast<std::uint32_t>(transfer)) +
                             be16(static_cast<std::uint32_t>(matrix)) + be8(full_range ? 128 : 0));
}

std::string alpha_kind() {
  return full_box("auxC", std::string("urn:mpeg:mpegB:cicp:systems:auxiliary:alpha") + '\0');
}

// Pictures of one band are written as alpha, as libvips writes no grey.
CodedPicture av1_of(const VImage& image) {
  if (image.bands() > 1) return taken_from(lossless_avif(image), "av1C");
  const VImage four = VImage::bandjoin({image, image, image, image})
                          .copy(VImage::option()->set("interpretation", VIPS_INTERPRETATION_sRGB));
  return taken_from(lossless_avif(four), "av1C", true);
}

CodedPicture hevc_of(const VImage& image) { return taken_from(heic(image), "hvcC"); }

int HeifFile::item(std::string_view type, std::string_view content,
                   const std::vector<std::string>& properties, bool hidden) {
  Item item{std::string(type), std::string(content), {}, hidden};
  for (const std::string& property : properties) {
    properties_.push_back(property);
    item.properties.push_back(static_cast<int>(properties_.size()));
  }
  items_.push_back(item);
  return static_cast<int>(items_.size());
}

int HeifFile::picture(const CodedPicture& coded, const std::vector<std::string>& properties,
                      bool hidden) {
  std::vector<std::string> all = {coded.configuration, ispe(coded.width, coded.height)};
  all.insert(all.end(), properties.begin(), properties.end());
  return item(coded.type, coded.stream, all, hidden);
}

int HeifFile::grid(int columns, int rows, int width, int height, const std::vector<int>& tiles,
                   const std::vector<std::string>& properties) {
  const std::string content = be8(0) + be8(0) + be8(rows - 1) + be8(columns - 1) +
                              be16(static_cast<std::uint32_t>(width)) +
                              be16(static_cast<std::uint32_t>(height));
  const int number = item("grid", content, properties);
  refer("dimg", number, tiles);
  return number;
}

int HeifFile::exif(std::string_view tiff, const std::vector<int>& of) {
  const int number = item("Exif", be32(0) + std::string(tiff), {}, true);
  refer("cdsc", number, of);
  return number;
}

int HeifFile::xmp(std::string_view packet, const std::vector<int>& of) {
  const int number = item("mime", packet, {}, true);
  refer("cdsc", number, of);
  return number;
}

void HeifFile::refer(std::string_view type, int from, const std::vector<int>& to) {
  std::string content =
      be16(static_cast<std::uint32_t>(from)) + be16(static_cast<std::uint32_t>(to.size()));
  for (const int target : to) content += be16(static_cast<std::uint32_t>(target));
  references_ += iso_box(type, content);
}

std::string HeifFile::meta(std::size_t contents_at) const {
  std::string infos;
  std::string places;
  std::string links;
  std::uint32_t number = 0;
  for (const Item& item : items_) {
    ++number;
    const std::string kind =
        item.type == "mime" ? std::string("\0application/rdf+xml\0", 21) : std::string(1, '\0');
    infos += iso_box("infe", be32((2U << 24U) | (item.hidden ? 1U : 0U)) + be16(number) + be16(0) +
                                 item.type + kind);
    places += be16(number) + be16(0) + be16(1) + be32(static_cast<std::uint32_t>(contents_at)) +
              be32(static_cast<std::uint32_t>(item.content.size()));
    contents_at += item.content.size();
    links += be16(number) + be8(static_cast<int>(item.properties.size()));
    for (const int property : item.properties) links += be16(static_cast<std::uint32_t>(property));
  }
  std::string properties;
  for (const std::string& property : properties_) properties += property;
  return full_box("meta", full_box("hdlr", std::string(4, '\0') + "pict" + std::string(13, '\0')) +
                              full_box("pitm", be16(static_cast<std::uint32_t>(primary_))) +
                              full_box("iloc", "\x44" + be8(0) + be16(number) + places) +
                              full_box("iinf", be16(number) + infos) +
                              iso_box("iprp", iso_box("ipco", properties) +
                                                  iso_box("ipma", be32(1) + be32(number) + links)) +
                              full_box("iref", references_));
}

Bytes HeifFile::bytes() const {
  const std::string brand = items_.front().type == "hvc1" ? "heic" : "avif";
  const std::string head = iso_box("ftyp", brand + be32(0) + brand + "mif1miaf");
  std::string contents;
  for (const Item& item : items_) contents += item.content;
  const std::size_t at = head.size() + meta(0).size() + 8;
  return Bytes::own(head + meta(at) + iso_box("mdat", contents));
}

std::string exif_with_orientation(int orientation) {
  return "MM" + be16(42) + be32(8) + be16(1) + be16(0x112) + be16(3) + be32(1) +
         be16(static_cast<std::uint32_t>(orientation)) + be16(0) + be32(0);
}

}  // namespace imageserver
