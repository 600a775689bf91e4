"""What citizens have taken back their consent for is erased, except what the law keeps."""
