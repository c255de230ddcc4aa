"""What helps to write a caption, apart from any screen: words, remarks, graphemes, answers, the guide."""
