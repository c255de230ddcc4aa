"""Pictures in a terminal: what it can show, how pixels become cells or graphics, thumbnails kept at hand."""
