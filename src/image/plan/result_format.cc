#include "image/plan/result_format.h"

#include <optional>

#include "formats/format.h"
#include "image/plan/asked.h"
#include "params/choose_format.h"

namespace imageserver {
namespace {

bool may_have_alpha(const Header& header, const Layout& layout, const TransformSpec& spec) {
  if (spec.background && spec.background->alpha == 255) return false;
  return header.alpha || layout.rotation != 0 || spec.radius > 0 ||
         layout.canvas.size != layout.picture;
}

}  // namespace

Format result_format(const Header& header, const Pages& pages, const Layout& layout,
                     const TransformSpec& spec, std::int64_t avif_auto_max_pixels) {
  const ResultFacts facts{.source = header.type,
                          .moves = pages.count > 1,
                          .alpha = may_have_alpha(header, layout, spec),
                          .pixels = area(layout.canvas.size)};
  return choose_format(spec, facts, avif_auto_max_pixels);
}

bool passes_through(const Header& header, const Pages& pages, const TransformSpec& spec,
                    std::int64_t avif_auto_max_pixels) {
  const std::optional<Format> own = format_of(header.type);
  if (!own || needs_sandbox(header.type) || !asks_for_nothing(spec)) return false;
  const Layout layout = lay_out({}, whole_of(header.stored), {});
  return result_format(header, pages, layout, spec, avif_auto_max_pixels) == own;
}

}  // namespace imageserver
