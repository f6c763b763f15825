// PDF files.

#ifndef IMAGESERVER_TESTS_SUPPORT_PDF_FILE_H_
#define IMAGESERVER_TESTS_SUPPORT_PDF_FILE_H_

#include <string>
#include <vector>

#include "base/bytes.h"
#include "formats/size.h"

namespace imageserver::testing {

struct PdfPage {
  Size size;
  std::string contents;  // in PDF's own notation
};

// A page of one colour (PDF's own notation, 0 to 1).
inline PdfPage page_of(Size size, const std::string& colour) {
  const std::string sides = std::to_string(size.width) + " " + std::to_string(size.height);
  return {size, colour + " rg 0 0 " + sides + " re f"};
}

inline Bytes pdf(const std::vector<PdfPage>& pages) {
  std::string kids;
  std::string objects;
  int number = 3;
  for (const PdfPage& page : pages) {
    const std::string box =
        "[0 0 " + std::to_string(page.size.width) + " " + std::to_string(page.size.height) + "]";
    kids += std::to_string(number) + " 0 R ";
    objects += std::to_string(number) + " 0 obj<</Type/Page/Parent 2 0 R/MediaBox" + box +
               "/Contents " + std::to_string(number + 1) + " 0 R>>endobj\n" +
               std::to_string(number + 1) + " 0 obj<</Length " +
               std::to_string(page.contents.size()) + ">>stream\n" + page.contents +
               "\nendstream endobj\n";
    number += 2;
  }
  return Bytes::own(
      "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[" + kids +
      "]/Count " + std::to_string(pages.size()) + ">>endobj\n" + objects +
      "trailer<</Root 1 0 R/Size " + std::to_string(number) + ">>\n%%EOF\n");
}

}  // namespace imageserver::testing

#endif  // IMAGESERVER_TESTS_SUPPORT_PDF_FILE_H_
