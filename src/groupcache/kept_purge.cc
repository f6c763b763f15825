#include "groupcache/kept_purge.h"

namespace imageserver {

std::shared_ptr<KeptPurge> make_kept_purge(const PurgeRecord& record) {
  auto purge = std::make_shared<KeptPurge>();
  purge->record = record;
  purge->text = purge_text(record);
  purge->hash = sha256(purge->text);
  return purge;
}

}  // namespace imageserver
