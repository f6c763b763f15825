#include "integration/origins/certificates.h"

#include "integration/origins/openssl.h"

namespace imageserver::testing {

Certificates::Certificates(const std::string& name) {
  run_openssl({"req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
               "-nodes", "-subj", "/CN=" + name, "-days", "2", "-keyout", file("authority.key"),
               "-out", authority()});
}

Certificate Certificates::sign(const std::string& names, int days) const {
  const Certificate signed_one{.chain = file("server.pem"), .key = file("server.key")};
  run_openssl({"req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
               "-subj", "/CN=server", "-addext", "subjectAltName=" + names, "-keyout",
               signed_one.key, "-out", file("server.csr")});
  run_openssl({"x509", "-req", "-in", file("server.csr"), "-CA", authority(), "-CAkey",
               file("authority.key"), "-CAcreateserial", "-copy_extensions", "copy", "-days",
               std::to_string(days), "-out", signed_one.chain});
  return signed_one;
}

std::string Certificates::file(const std::string& name) const {
  return (directory_.path() / name).string();
}

}  // namespace imageserver::testing
