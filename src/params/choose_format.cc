#include "params/choose_format.h"

namespace imageserver {
namespace {

Format understood_by_all(const ResultFacts& facts) {
  return facts.alpha ? Format::kPng : Format::kJpeg;
}

Format choose_automatically(const AutoFormat& taken, const ResultFacts& facts,
                            std::int64_t avif_max_pixels) {
  if (facts.moves) return taken.webp ? Format::kWebp : Format::kGif;
  const bool avif = taken.avif && facts.pixels <= avif_max_pixels;
  if (avif && !(taken.webp && taken.webp_first)) return Format::kAvif;
  return taken.webp ? Format::kWebp : understood_by_all(facts);
}

}  // namespace

Format choose_format(const TransformSpec& spec, const ResultFacts& facts,
                     std::int64_t avif_max_pixels) {
  if (spec.format) return *spec.format;
  if (spec.auto_format) return choose_automatically(*spec.auto_format, facts, avif_max_pixels);
  return format_of(facts.source).value_or(understood_by_all(facts));
}

}  // namespace imageserver
