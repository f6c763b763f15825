#include "source/ca_file.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <cstddef>
#include <memory>

#include "base/read_file.h"

namespace imageserver {
namespace {

constexpr std::size_t kMostBytes = std::size_t{8} << 20U;

struct Free {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(X509* certificate) const { X509_free(certificate); }
};

bool holds_certificate(const std::string& text) {
  const std::unique_ptr<BIO, Free> bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  const std::unique_ptr<X509, Free> first(
      bio ? PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr) : nullptr);
  ERR_clear_error();
  return first != nullptr;
}

}  // namespace

std::optional<Error> check_ca_file(const std::string& path) {
  const Result<std::string> text = read_file(path, kMostBytes);
  if (text.has_error()) return text.error();
  if (holds_certificate(*text)) return std::nullopt;
  return Error{ErrorKind::kInvalidParam, "holds no certificate in PEM"};
}

}  // namespace imageserver
