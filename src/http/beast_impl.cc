// Beast's own functions, compiled once: BOOST_BEAST_SEPARATE_COMPILATION takes them out of every
// file that includes its headers.

#include <boost/beast/src.hpp>
