// A renderer that takes every file for no picture.

#ifndef IMAGESERVER_TESTS_SUPPORT_REFUSING_RENDERER_H_
#define IMAGESERVER_TESTS_SUPPORT_REFUSING_RENDERER_H_

#include "render/renderer.h"

namespace imageserver::testing {

class RefusingRenderer final : public Renderer {
 public:
  [[nodiscard]] Result<ImagePtr> picture(const Bytes&, const TransformSpec&, const Bytes&,
                                         const std::stop_token&, const Admit&) override {
    return refusal();
  }

  [[nodiscard]] Result<Description> description(const Bytes&, const std::string&,
                                                const std::stop_token&, const Admit&) override {
    return refusal();
  }

 private:
  static Error refusal() { return {ErrorKind::kUnprocessable, "not a picture"}; }
};

}  // namespace imageserver::testing

#endif  // IMAGESERVER_TESTS_SUPPORT_REFUSING_RENDERER_H_
