// A certificate authority of a test's own, and what it has signed.

#ifndef IMAGESERVER_TESTS_INTEGRATION_ORIGINS_CERTIFICATES_H_
#define IMAGESERVER_TESTS_INTEGRATION_ORIGINS_CERTIFICATES_H_

#include <string>

#include "support/temporary_directory.h"

namespace imageserver::testing {

// Files in PEM.
struct Certificate {
  std::string chain;
  std::string key;
};

class Certificates {
 public:
  // `name` tells the authority from others: certificates name by it who has signed them.
  explicit Certificates(const std::string& name = "authority");

  // The file with the authority's own certificate.
  [[nodiscard]] std::string authority() const { return file("authority.pem"); }

  // `names` as openssl writes them, such as `DNS:localhost,IP:127.0.0.1`. It is valid for so many
  // days from now on; one for -1 day has expired.
  [[nodiscard]] Certificate sign(const std::string& names, int days = 2) const;

 private:
  [[nodiscard]] std::string file(const std::string& name) const;

  const TemporaryDirectory directory_;
};

}  // namespace imageserver::testing

#endif  // IMAGESERVER_TESTS_INTEGRATION_ORIGINS_CERTIFICATES_H_
