#include "server/info_json.h"

#include <spdlog/fmt/fmt.h>

#include <nlohmann/json.hpp>

#include "formats/format.h"
#include "image/plan/geometry.h"

namespace imageserver {
namespace {

using Json = nlohmann::ordered_json;

std::string hex(const Colour& colour) {
  return fmt::format("#{:02x}{:02x}{:02x}", colour.red, colour.green, colour.blue);
}

}  // namespace

std::string info_json(const Description& description) {
  const Header& header = description.header;
  const Size seen = Turn(header.orientation).applied(header.stored);
  const std::string& profile = description.profile;
  const Json json = {{"Format", type_name(header.type)},
                     {"Bytes", description.bytes},
                     {"Width", seen.width},
                     {"Height", seen.height},
                     {"Orientation", header.orientation},
                     {"Frames", header.pages},
                     {"Alpha", header.alpha},
                     {"Profile", profile.empty() ? Json(nullptr) : Json(profile)},
                     {"DominantColor", hex(description.dominant)},
                     {"BlurHash", description.blurhash}};
  return json.dump(1, '\t', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace imageserver
