// What processes take for the authorities that the system trusts.

#ifndef IMAGESERVER_TESTS_INTEGRATION_ORIGINS_SYSTEM_TRUST_H_
#define IMAGESERVER_TESTS_INTEGRATION_ORIGINS_SYSTEM_TRUST_H_

#include <string>

#include "integration/origins/certificates.h"
#include "integration/origins/preload.h"
#include "support/temporary_directory.h"

namespace imageserver::testing {

// Processes that are started while it lives find one authority, and no other, where libcurl looks
// for those of the system: in the file and, by its hash, in the folder. Threads: as Preload.
class SystemTrust {
 public:
  explicit SystemTrust(const Certificates& trusted);

  // Whether OpenSSL trusts what has signed the certificate, by the folder alone.
  [[nodiscard]] static bool folder_trusts(const Certificate& certificate);

 private:
  const TemporaryDirectory folder_;
  const Preload preload_;
};

}  // namespace imageserver::testing

#endif  // IMAGESERVER_TESTS_INTEGRATION_ORIGINS_SYSTEM_TRUST_H_
