# The vocabulary of CLIP's tokenizer, as packaging/setup.sh takes it from the pinned wheel. Sets
# MantissaClipVocabulary_FILE: MANTISSA_CLIP_VOCABULARY (CMake) if that is given, else the file in the cache that all
# checkouts share.
set(MANTISSA_CLIP_VOCABULARY_VERSION 3.3.0) # of open-clip-torch
if(MANTISSA_CLIP_VOCABULARY)
    set(MantissaClipVocabulary_FILE "${MANTISSA_CLIP_VOCABULARY}")
elseif(DEFINED ENV{XDG_CACHE_HOME} AND NOT "$ENV{XDG_CACHE_HOME}" STREQUAL "")
    set(MantissaClipVocabulary_FILE "$ENV{XDG_CACHE_HOME}/mantissa")
else()
    set(MantissaClipVocabulary_FILE "$ENV{HOME}/.cache/mantissa")
endif()
if(NOT MANTISSA_CLIP_VOCABULARY)
    string(APPEND MantissaClipVocabulary_FILE "/clip/${MANTISSA_CLIP_VOCABULARY_VERSION}/bpe_simple_vocab_16e6.txt.gz")
endif()
if(NOT EXISTS "${MantissaClipVocabulary_FILE}")
    set(MantissaClipVocabulary_FILE "")
endif()
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(MantissaClipVocabulary REQUIRED_VARS MantissaClipVocabulary_FILE)
