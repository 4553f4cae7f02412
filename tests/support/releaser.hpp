// The deleter of a std::unique_ptr that releases a C library's object by the function given: unique_ptr<X509, Releaser<X509_free>>.
#pragma once

namespace rcb::test {

template <auto release>
struct Releaser {
  template <class T>
  void operator()(T* object) const {
    release(object);
  }
};

}  // namespace rcb::test
