// HEIF files put together box by box (ISO/IEC 23008-12), around pictures that libvips has encoded.

#ifndef IMAGESERVER_TESTS_SUPPORT_HEIF_FILE_H_
#define IMAGESERVER_TESTS_SUPPORT_HEIF_FILE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>
#include <vips/vips8>

#include "base/bytes.h"

namespace imageserver {

std::string be16(std::uint32_t number);
std::string be32(std::uint32_t number);
std::string iso_box(std::string_view type, std::string_view content);

// The same with version 0 and no flags.
std::string full_box(std::string_view type, std::string_view content);

// Boxes that say how a picture is shown.
std::string ispe(int width, int height);
std::string irot(int quarters);
std::string imir(int axis);
std::string clap(int width, int height, int right, int down);  // offsets of the middle
std::string nclx(int primaries, int transfer, int matrix, bool full_range);
std::string alpha_kind();

// A picture as it lies in a file: its stream, and the box that it needs beside it.
struct CodedPicture {
  std::string type;  // av01, hvc1
  std::string stream;
  std::string configuration;  // the box av1C or hvcC
  int width = 0;
  int height = 0;
};

// 8 bits, nearly without loss, 4:4:4; as AV1, grey pictures have no chroma.
CodedPicture av1_of(const vips::VImage& image);
CodedPicture hevc_of(const vips::VImage& image);

class HeifFile {
 public:
  // Adds an item with these properties (whole boxes), and gives its number: 1, 2, ...
  int item(std::string_view type, std::string_view content,
           const std::vector<std::string>& properties = {}, bool hidden = false);

  // The same of a picture, with its size and more properties.
  int picture(const CodedPicture& coded, const std::vector<std::string>& properties = {},
              bool hidden = false);

  // A grid of these items.
  int grid(int columns, int rows, int width, int height, const std::vector<int>& tiles,
           const std::vector<std::string>& properties = {});

  // An item that describes `of`: EXIF (a TIFF block), XMP.
  int exif(std::string_view tiff, const std::vector<int>& of);
  int xmp(std::string_view packet, const std::vector<int>& of);

  void refer(std::string_view type, int from, const std::vector<int>& to);
  void set_primary(int item) { primary_ = item; }

  // With the brand of AVIF or of HEIC, by the first item.
  [[nodiscard]] Bytes bytes() const;

 private:
  struct Item {
    std::string type;
    std::string content;
    std::vector<int> properties;  // counted from 1
    bool hidden;
  };

  [[nodiscard]] std::string meta(std::size_t contents_at) const;

  std::vector<Item> items_;
  std::vector<std::string> properties_;
  std::string references_;
  int primary_ = 1;
};

// A TIFF block whose only entry is an orientation.
std::string exif_with_orientation(int orientation);

}  // namespace imageserver

#endif  // IMAGESERVER_TESTS_SUPPORT_HEIF_FILE_H_
