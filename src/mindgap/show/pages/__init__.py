"""The pages, a folder per noun: view, addresses and templates side by side."""
