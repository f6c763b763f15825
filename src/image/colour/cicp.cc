#include "image/colour/cicp.h"

namespace imageserver {
namespace {

constexpr const char* kPrimaries = "imageserver-cicp-primaries";
constexpr const char* kTransfer = "imageserver-cicp-transfer";

}  // namespace

vips::VImage with_cicp(const vips::VImage& image, Cicp cicp) {
  vips::VImage noted = image.copy();
  noted.set(kPrimaries, cicp.primaries);
  noted.set(kTransfer, cicp.transfer);
  return noted;
}

std::optional<Cicp> cicp_of(const vips::VImage& image) {
  if (image.get_typeof(kPrimaries) == 0) return std::nullopt;
  return Cicp{image.get_int(kPrimaries), image.get_int(kTransfer)};
}

vips::VImage without_cicp(const vips::VImage& image) {
  vips::VImage plain = image.copy();
  plain.remove(kPrimaries);
  plain.remove(kTransfer);
  return plain;
}

}  // namespace imageserver
