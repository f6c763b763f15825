#include "integration/origins/system_trust.h"

#include <curl/curl.h>

#include <filesystem>

#include "integration/origins/openssl.h"

namespace imageserver::testing {
namespace {

// Where the libcurl looks that was built for this system.
std::filesystem::path system_folder() { return curl_version_info(CURLVERSION_NOW)->capath; }
std::filesystem::path system_file() { return curl_version_info(CURLVERSION_NOW)->cainfo; }

}  // namespace

SystemTrust::SystemTrust(const Certificates& trusted)
    : preload_(
          IMAGESERVER_FAKE_FOLDER,
          {{"IMAGESERVER_FAKE_FOLDER", system_folder().string() + '=' + folder_.path().string()}}) {
  std::filesystem::copy_file(trusted.authority(), folder_.path() / "authority.pem");
  run_openssl({"rehash", folder_.path()});
  std::filesystem::copy_file(trusted.authority(), folder_.path() / system_file().filename());
}

bool SystemTrust::folder_trusts(const Certificate& certificate) {
  std::string errors;
  return openssl(
             {"verify", "-no-CAfile", "-no-CAstore", "-CApath", system_folder(), certificate.chain},
             errors) == 0;
}

}  // namespace imageserver::testing
