#include "server/original_image.h"

#include <optional>

#include "formats/format.h"
#include "formats/unknown_format.h"

namespace imageserver {

Result<ImagePtr> original_image(const FetchedOriginal& fetched, const UntrustedFormats& untrusted) {
  const std::optional<FileType> type = sniff(fetched.bytes.view());
  if (!type || !is_allowed(*type, untrusted)) return unknown_format(untrusted);
  return make_original(fetched.bytes,
                       fetched.hash ? entity_tag(*fetched.hash) : entity_tag(fetched.bytes.view()));
}

}  // namespace imageserver
