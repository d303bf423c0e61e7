# replies
