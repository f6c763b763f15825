// Originals and watermarks of a server, and files beside them.

#ifndef IMAGESERVER_TESTS_SUPPORT_REMOTE_ORIGINALS_H_
#define IMAGESERVER_TESTS_SUPPORT_REMOTE_ORIGINALS_H_

#include <memory>
#include <string>
#include <utility>

#include "source/sources.h"
#include "support/remote_source.h"

namespace imageserver::testing {

// Below remote/ are originals of the server, and all watermarks are; other originals are files.
class RemoteOriginals {
 public:
  explicit RemoteOriginals(std::unique_ptr<Source> files)
      : RemoteOriginals(std::move(files), std::make_unique<RemoteSource>("http://origin/img/"),
                        std::make_unique<RemoteSource>("http://origin/marks/")) {}

  [[nodiscard]] const Sources& pictures() const { return pictures_; }
  [[nodiscard]] const Sources& marks() const { return marks_; }

  // The server, by what it is asked for.
  [[nodiscard]] RemoteSource& origin() const { return origin_; }
  [[nodiscard]] RemoteSource& marks_origin() const { return marks_origin_; }

 private:
  RemoteOriginals(std::unique_ptr<Source> files, std::unique_ptr<RemoteSource> origin,
                  std::unique_ptr<RemoteSource> marks_origin)
      : origin_(*origin),
        marks_origin_(*marks_origin),
        pictures_(with_files(std::move(origin), std::move(files))),
        marks_(only(std::move(marks_origin))) {}

  static Sources with_files(std::unique_ptr<Source> remote, std::unique_ptr<Source> files) {
    Sources::Places places;
    places.emplace_back("/remote", std::move(remote));
    places.emplace_back("/", std::move(files));
    return Sources(std::move(places));
  }

  static Sources only(std::unique_ptr<Source> remote) {
    Sources::Places places;
    places.emplace_back("/", std::move(remote));
    return Sources(std::move(places));
  }

  RemoteSource& origin_;
  RemoteSource& marks_origin_;
  const Sources pictures_;
  const Sources marks_;
};

}  // namespace imageserver::testing

#endif  // IMAGESERVER_TESTS_SUPPORT_REMOTE_ORIGINALS_H_
